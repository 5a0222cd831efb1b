// The projections of the tracker's log, in the order in which they are applied, and the tables they write.
import type { Projection } from '../../core/events/derived/projector.js';
import { accountProjection } from './accounts.js';
import { quarantineProjection } from './quarantines.js';
import { integrationProjection } from './integrations.js';
import { revocationProjection } from './revocations.js';
import { roomProjection } from './rooms.js';
import { projectedTables } from './tables.js';

export const trackerProjections: readonly Projection[] = [
  accountProjection,
  revocationProjection,
  roomProjection,
  quarantineProjection,
  integrationProjection,
];

/** The names of the tables that only projections write. They can be rebuilt from the log. */
export const derivedTables = projectedTables.map(({ name }) => name);
