// What waits for one device, in order: handed to its link and not answered yet, or in memory and next. A window over the outbox,
// which has the rest. Sends nothing.
import type { CommandId } from '../../../core/ids.js';
import type { Progress } from '../../history/port.js';

/** How many messages one device may be handed before it has answered the first. */
export const WINDOW = 256;
/** How many more are kept in memory. */
export const QUEUE_PLACES = 1_024;

/** A message as it goes to a link. */
export interface Outgoing {
  readonly progress: Progress;
  readonly commandId: CommandId;
  readonly bytes: Buffer;
}

export interface SendWindow {
  /** Whether everything that waits for the device has been handed or queued, so that the next message may be queued too. */
  isCaughtUp(): boolean;
  /** Something waits that was not queued. */
  fallBehind(): void;
  /** Whether it is behind, and has room enough that a look into the outbox is worth it. */
  wantsMore(): boolean;
  /** How many of the oldest waiting messages must be read to find all there is room for. */
  reach(): number;
  /**
   * Before one looks for what waits: the result takes what was found, in order, and whether that was all. It takes nothing if the
   * queue was dropped meanwhile; the line has caught up if that was all, and it did not fall behind meanwhile.
   */
  beginCatchUp(): (found: readonly Outgoing[], isAll: boolean) => void;
  /** False without a place. */
  queue(outgoing: Outgoing): boolean;
  /** What may be handed now. */
  next(): Outgoing | undefined;
  /** The link has taken what was next. */
  handed(): void;
  /** Whether the message is queued, under way, answered but not settled, or waits for the link to open anew. */
  holds(messageId: string): boolean;
  /** Which message the answer to `commandId` is about; undefined if it was none of this line. */
  answered(commandId: string): Progress | undefined;
  /** What the answer to a message comes to is on the disk: until then a look into the outbox may still find it waiting. */
  settled(messageId: string): void;
  /** Not again before the link opens anew: the other side could not take it now. */
  defer(messageId: string): void;
  /** What is queued may wait no more: it has to be looked up again. */
  drop(): void;
  /** The link is open anew. */
  reopen(): void;
  /** The other side has forgotten all that was under way. */
  restart(): void;
}

export function createSendWindow(): SendWindow {
  const underWay = new Map<string, Progress>();
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
    next: () => (underWay.size < WINDOW ? queued[0] : undefined),
    handed() {
      const outgoing = queued.shift();
      if (outgoing !== undefined) underWay.set(outgoing.commandId, outgoing.progress);
    },
    holds: (messageId) => messages.has(messageId) || deferred.has(messageId),
    answered(commandId) {
      const progress = underWay.get(commandId);
      underWay.delete(commandId);
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
      underWay.clear();
      messages.clear();
      deferred.clear();
      drop();
    },
  };
}
