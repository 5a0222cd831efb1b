// Puts the exchange of the past together from its parts.
import { type Backfill, type BackfillParts, createBackfill } from './backfill.js';
import { type BlameParts, createBlame } from './report-forgery.js';
import { createSharing, type SharingParts } from './access.js';
import { createTaking, type TakingParts } from './receive.js';

export type OpenBackfillParts = Omit<BackfillParts, 'sharing' | 'take' | 'blame' | 'enrolments'> &
  BlameParts &
  SharingParts &
  TakingParts & { readonly enrolments: BackfillParts['enrolments'] };

export function openBackfill(parts: OpenBackfillParts): Backfill {
  return createBackfill({
    ...parts,
    sharing: createSharing(parts),
    take: createTaking(parts),
    blame: createBlame(parts),
  });
}
