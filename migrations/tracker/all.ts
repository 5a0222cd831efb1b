// Every migration of the tracker's database, oldest first. Append only.
import { EventLog1767225600000 } from './1767225600000-event-log.js';

export const trackerMigrations = [EventLog1767225600000] as const;
