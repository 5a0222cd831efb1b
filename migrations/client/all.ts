// Every migration of a terminal's history, oldest first. Append only.
import { History1767225600000 } from './1767225600000-history.js';

export const clientMigrations = [History1767225600000] as const;
