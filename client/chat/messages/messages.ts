// Messages, put together from their parts: sending, receiving and timestamps.
import type { Schedule } from '../../../core/time/clock.js';
import { type AudienceParts, createAudience } from './audience.js';
import { createFuture, type FutureParts } from './dating/future.js';
import { createInbox, type InboxParts } from './inbox.js';
import { createOutbox, type OutboxParts } from './outbox.js';
import { createForgeryReport, type ForgeryReportParts } from './report-forgery.js';
import { createStoreReceived, type StoreReceivedParts } from './store-received.js';
import { createTimestamps, type TimestampsParts } from './dating/timestamps.js';

export type MessagesParts = AudienceParts &
  FutureParts &
  ForgeryReportParts &
  Omit<StoreReceivedParts, 'future'> &
  Omit<InboxParts, 'future' | 'storeReceived' | 'reportForgery'> &
  Omit<OutboxParts, 'inbox' | 'schedule' | 'retrySchedule'> &
  Omit<TimestampsParts, 'audience' | 'outbox'> & {
    readonly schedule: Schedule;
    /** Timers of calls that somebody awaits. They keep the process alive. */
    readonly waitSchedule: Schedule;
  };

export function createMessages(parts: MessagesParts) {
  const future = createFuture(parts);
  const storeReceived = createStoreReceived({ ...parts, future });
  const reportForgery = createForgeryReport(parts);
  const audience = createAudience(parts);
  const inbox = createInbox({ ...parts, future, storeReceived, reportForgery });
  const outbox = createOutbox({
    ...parts,
    inbox,
    schedule: parts.waitSchedule,
    retrySchedule: parts.schedule,
  });
  const timestamps = createTimestamps({ ...parts, audience, outbox });
  return { future, storeReceived, reportForgery, audience, inbox, outbox, timestamps };
}
