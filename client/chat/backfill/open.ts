// Puts the exchange of the past together from its parts.
import { type Backfill, type BackfillParts, createBackfill } from './backfill.js';
import { type ForgeryReportParts, createForgeryReport } from './report-forgery.js';
import { createAccess, type AccessParts } from './access.js';
import { createReceive, type ReceiveParts } from './receive.js';

export type OpenBackfillParts = Omit<BackfillParts, 'access' | 'take' | 'reportForgery' | 'enrolments'> &
  ForgeryReportParts &
  AccessParts &
  ReceiveParts & { readonly enrolments: BackfillParts['enrolments'] };

export function openBackfill(parts: OpenBackfillParts): Backfill {
  return createBackfill({
    ...parts,
    access: createAccess(parts),
    take: createReceive(parts),
    reportForgery: createForgeryReport(parts),
  });
}
