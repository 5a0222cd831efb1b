// Every migration of a terminal's history, oldest first. Append only.
import { History1767225600000 } from './1767225600000-history.js';
import { Names1767225620000 } from './1767225620000-names.js';

export const clientMigrations = [History1767225600000, Names1767225620000] as const;
