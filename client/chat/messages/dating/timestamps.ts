// The timestamps of the user's messages. A message written before the tracker reported its time gets its final timestamp later. A
// message that a recipient refuses as dated in the future is sent again with a new timestamp.
import type { AccountId, DeviceId } from '../../../../core/ids.js';
import {
  type Hlc,
  type HybridClock,
  hlcAfter,
  hlcMovedTo,
  MAX_LEAD_MS,
  millisecondsOf,
} from '../../../../core/protocol/message/hlc.js';
import type { ConversationId, Message } from '../../../../core/protocol/message/message.js';
import type { History, MessageProgress, RenewedMessage } from '../../../history/port.js';
import type { TrackerClock } from '../../../time/tracker-clock.js';
import type { TrackerSync } from '../../rooms/tracker-sync.js';
import type { Audience } from '../audience.js';
import type { Outbox } from '../outbox.js';

export interface TimestampsParts {
  readonly history: Pick<History, 'settleProvisional' | 'redate' | 'latestHlc'>;
  readonly trackerClock: TrackerClock;
  readonly hybridClock: HybridClock;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
  readonly audience: (conversation: ConversationId, me: AccountId) => Audience;
  readonly device: () => DeviceId | null;
  readonly sign: (device: DeviceId, data: Uint8Array) => Buffer;
  readonly outbox: Pick<Outbox, 'onDatedAhead' | 'resume' | 'repost'>;
}

export interface Timestamps {
  /** Sets the final timestamps of messages written before the tracker reported its time, and has these messages sent. */
  settle(): Promise<void>;
}

/** A smaller correction leaves timestamps as they are. */
const TOLERANCE_MS = 1_000;

export function createTimestamps(parts: TimestampsParts): Timestamps {
  const { history, trackerClock, hybridClock, outbox } = parts;
  let isSettled = false;

  /**
   * The message with a new timestamp; null if the tracker's clock no longer puts it in the future, or if another device wrote it.
   */
  function renew(former: Message, own: DeviceId): RenewedMessage | null {
    const isAhead = millisecondsOf(former.hlc) > trackerClock.now() + MAX_LEAD_MS;
    if (!isAhead || former.device !== own) return null;
    const { conversation, account, device, text, spans } = former;
    const { roster, recipients } = parts.audience(conversation, account);
    const hlc = hybridClock.tick();
    return { draft: { conversation, account, device, hlc, roster, text, spans }, to: recipients };
  }

  outbox.onDatedAhead(async ({ position }: MessageProgress, isElsewhere: boolean) => {
    const own = parts.device();
    if (own === null) return 'final';
    await parts.trackerSync.sync();
    let isOwn = true;
    const result = await history.redate(
      position,
      (former) => {
        isOwn = former.device === own;
        return isElsewhere ? null : renew(former, own);
      },
      (data) => parts.sign(own, data),
    );
    // The message keeps its timestamp. This device sends its own message again: the recipient accepts it once the clocks agree,
    // or at once if the message says that another device has it.
    if (result === 'left') return isOwn ? 'wait' : 'final';
    // `not-queued`: the message was already replaced because another recipient refused it.
    if (result !== 'not-queued') outbox.repost(result);
    return 'redated';
  });

  return {
    async settle() {
      const own = parts.device();
      if (isSettled || own === null || trackerClock.state === 'unknown') return;
      const final = corrector(trackerClock);
      const settled = await history.settleProvisional(own, final, (data) => parts.sign(own, data));
      const latest = await history.latestHlc();
      if (latest !== null) hybridClock.observe(latest);
      isSettled = true;
      if (settled.length > 0) outbox.resume();
    },
  };
}

/** Returns a function that moves timestamps made by the machine's clock to the tracker's time. It keeps their order. */
function corrector(trackerClock: TrackerClock): (provisional: Hlc) => Hlc {
  const { leadMs } = trackerClock;
  const moveMs = leadMs === null || Math.abs(leadMs) < TOLERANCE_MS ? 0 : leadMs;
  let last: Hlc | null = null;
  return (provisional) => {
    const ms = Math.max(0, Math.min(millisecondsOf(provisional) + moveMs, trackerClock.now()));
    const moved = hlcMovedTo(provisional, ms);
    last = last !== null && moved <= last ? hlcAfter(last) : moved;
    return last;
  };
}
