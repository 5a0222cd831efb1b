// The send window of one device: messages handed to its link and not yet answered, and a queue in memory of those that come
// next. The outbox on the disk holds the rest. It sends nothing.
import type { CommandId } from '../../../core/ids.js';
import type { MessageProgress } from '../../history/port.js';

/** Most messages that a device is handed before it answers the first. */
export const WINDOW = 256;
/** Most further messages that are kept in memory. */
export const QUEUE_PLACES = 1_024;

/** A message in the form in which a link takes it. */
export interface Outgoing {
  readonly progress: MessageProgress;
  readonly commandId: CommandId;
  readonly bytes: Buffer;
}

export interface SendWindow {
  /** Whether every message that waits for the device is handed or queued, so that the next may be queued, too. */
  isCaughtUp(): boolean;
  /** Notes that a message waits which is not queued. */
  fallBehind(): void;
  /** Whether it is behind and has enough room for a read of the outbox to pay. */
  wantsMore(): boolean;
  /** How many of the oldest waiting messages a read must cover to find as many as there is room for. */
  reach(): number;
  /**
   * Begins a read of the outbox. The function returned takes what was found, in order, and whether that was all of it. It takes
   * nothing if the queue was dropped since. The window has caught up if that was all and nothing fell behind since.
   */
  beginCatchUp(): (found: readonly Outgoing[], isAll: boolean) => void;
  /** Adds a message to the queue; false without room. */
  queue(outgoing: Outgoing): boolean;
  /** The message to hand next, if any may be handed now. */
  next(): Outgoing | undefined;
  /** Notes that the link took the next message. */
  handed(): void;
  /** Whether the message is queued, unanswered, answered but not settled, or deferred until the link opens again. */
  holds(messageId: string): boolean;
  /** The message that the answer to `commandId` is about; undefined if this window did not send it. */
  answered(commandId: string): MessageProgress | undefined;
  /** Notes that the effect of an answer is on the disk. Until then a read of the outbox may still find the message. */
  settled(messageId: string): void;
  /** Leaves the message out until the link opens again: the peer cannot take it now. */
  defer(messageId: string): void;
  /** Empties the queue: the messages in it may not be wanted any more and have to be read again. */
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
      if (outgoing !== undefined) unanswered.set(outgoing.commandId, outgoing.progress);
    },
    holds: (messageId) => messages.has(messageId) || deferred.has(messageId),
    answered(commandId) {
      const progress = unanswered.get(commandId);
      unanswered.delete(commandId);
      return progress;
    },
    settled: (messageId) => void messages.delete(messageId),
    defer: (messageId) => void deferred.add(messageId),
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
