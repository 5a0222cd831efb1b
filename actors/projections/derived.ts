// What the tracker derives from its log: the projections, in the order in which they are applied, and their tables.
import type { Projection } from '../../core/events/derived/projector.js';
import { accountProjection } from './accounts.js';
import { revocationProjection } from './revocations.js';
import { roomProjection } from './rooms.js';

export const trackerProjections: readonly Projection[] = [
  accountProjection,
  revocationProjection,
  roomProjection,
];

/** All tables that they write, and that nothing else does: these can be derived anew. */
export const derivedTables = [
  'accounts',
  'devices',
  'revocations',
  'rooms',
  'memberships',
  'bans',
  'invitations',
] as const;
