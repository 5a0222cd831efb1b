// Every migration of a terminal's history, oldest first. Append only.
import { History1767225600000 } from './1767225600000-history.js';
import { Attention1767225620000 } from './1767225620000-attention.js';

export const clientMigrations = [History1767225600000, Attention1767225620000] as const;
