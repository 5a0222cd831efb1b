// The send window of one device: the messages sent and not yet answered, and a queue in memory of the next ones. The outbox on
// the disk holds the rest. The window itself sends nothing.
import type { Request } from '../../../core/protocol/envelope.js';
import type { MessageProgress } from '../../history/port.js';

/** The maximum number of messages sent to a device before it answers the first. */
export const WINDOW = 256;
/** The maximum number of messages queued in memory until the window has a free place. */
export const QUEUE_PLACES = 1_024;

/** A message and the request that sends it. */
export interface Outgoing {
  readonly progress: MessageProgress;
  readonly request: Request;
}

export interface SendWindow {
  /** Whether every message for the device is sent or queued. Only then may the next one be queued. */
  isCaughtUp(): boolean;
  /** Records that a message on the disk is not in the queue. */
  fallBehind(): void;
  /** Whether the window is behind and has room enough to make a read of the outbox worthwhile. */
  wantsMore(): boolean;
  /** The number of oldest waiting messages that a read must cover to fill the free places of the window. */
  reach(): number;
  /**
   * Begins a read of the outbox. Call the returned function with the messages found, in order, and whether they are all that
   * wait. It ignores them if the queue was dropped during the read. The window has caught up if they are all and it did not fall
   * behind during the read.
   */
  beginCatchUp(): (found: readonly Outgoing[], isAll: boolean) => void;
  /** Adds a message to the queue; false if the queue is full. */
  queue(outgoing: Outgoing): boolean;
  /** The message to send next; undefined if none may be sent now. */
  next(): Outgoing | undefined;
  /** Records that the link took the next message. */
  handed(): void;
  /** Whether the message is queued, unanswered, answered but not settled, or deferred. */
  holds(messageId: string): boolean;
  /** Whether the device was sent the message and has not answered. */
  isUnanswered(messageId: string): boolean;
  /** The message that the answer to `commandId` is about; undefined if this window did not send it. */
  answered(commandId: string): MessageProgress | undefined;
  /** Records that the result of an answer is on the disk. Until then a read of the outbox may find the message again. */
  settled(messageId: string): void;
  /** Skips the message until `resume`, because it failed for a reason that may pass. */
  defer(messageId: string): void;
  /** Ends the deferral of all messages. They are read from the outbox again. */
  resume(): void;
  /** Empties the queue. Its messages may have lost their recipients and are read from the outbox again. */
  drop(): void;
  /** The link opened again. */
  reopen(): void;
  /** The peer has forgotten every unanswered message. */
  restart(): void;
}

export function createSendWindow(): SendWindow {
  const unanswered = new Map<string, MessageProgress>();
  const messages = new Set<string>();
  const deferred = new Set<string>();
  let queued: Outgoing[] = [];
  let isCaughtUp = false;
  let falls = 0;
  let drops = 0;
  const fallBehind = (): void => {
    isCaughtUp = false;
    falls += 1;
  };
  const queue = (outgoing: Outgoing): boolean => {
    if (queued.length >= QUEUE_PLACES) return false;
    queued.push(outgoing);
    messages.add(outgoing.progress.id);
    return true;
  };
  const drop = (): void => {
    for (const { progress } of queued) messages.delete(progress.id);
    queued = [];
    drops += 1;
    fallBehind();
  };
  return {
    isCaughtUp: () => isCaughtUp,
    fallBehind,
    wantsMore: () => !isCaughtUp && queued.length < QUEUE_PLACES / 2,
    reach: () => QUEUE_PLACES - queued.length + messages.size + deferred.size,
    beginCatchUp() {
      const before = { falls, drops };
      return (found, isAll) => {
        if (drops !== before.drops) return;
        const isQueued = found.every(queue);
        isCaughtUp = isAll && isQueued && falls === before.falls;
      };
    },
    queue,
    next: () => (unanswered.size < WINDOW ? queued[0] : undefined),
    handed() {
      const outgoing = queued.shift();
      if (outgoing !== undefined) unanswered.set(outgoing.request.id, outgoing.progress);
    },
    holds: (messageId) => messages.has(messageId) || deferred.has(messageId),
    isUnanswered: (messageId) => [...unanswered.values()].some(({ id }) => id === messageId),
    answered(commandId) {
      const progress = unanswered.get(commandId);
      unanswered.delete(commandId);
      return progress;
    },
    settled: (messageId) => void messages.delete(messageId),
    defer: (messageId) => void deferred.add(messageId),
    resume() {
      deferred.clear();
      fallBehind();
    },
    drop,
    reopen() {
      deferred.clear();
      drop();
    },
    restart() {
      unanswered.clear();
      messages.clear();
      deferred.clear();
      drop();
    },
  };
}
