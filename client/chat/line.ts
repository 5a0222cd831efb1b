// What has been handed to the link of one device and not been answered yet: a window over the outbox. Sends nothing.

/** How many messages one device may be handed before it has answered the first. */
export const WINDOW = 256;

export interface Line {
  /** Whether everything that waits for the device has been handed to it, so that the next message may be too. */
  isCaughtUp(): boolean;
  /** Something waits that was not handed. */
  fallBehind(): void;
  /** Before one looks for what waits: call the result when there is nothing, and the line has caught up unless it fell behind meanwhile. */
  beginCatchUp(): () => void;
  /** How many more may be handed now. */
  room(): number;
  /** How many of the oldest waiting messages must be read to find those that may be handed. */
  reach(): number;
  /** Whether the message is under way, answered but not settled, or waits for the link to open anew. */
  holds(messageId: string): boolean;
  handed(commandId: string, messageId: string): void;
  /** Which message the answer to `commandId` is about; undefined if it was none of this line. */
  answered(commandId: string): string | undefined;
  /** What the answer to a message comes to is on the disk: until then a look into the outbox may still find it waiting. */
  settled(messageId: string): void;
  /** Not again before the link opens anew: the other side could not take it now. */
  defer(messageId: string): void;
  /** The link is open anew. */
  reopen(): void;
  /** The other side has forgotten all that was under way. */
  restart(): void;
}

export function createLine(): Line {
  const underWay = new Map<string, string>();
  const messages = new Set<string>();
  const deferred = new Set<string>();
  let isCaughtUp = false;
  let falls = 0;
  const fallBehind = (): void => {
    isCaughtUp = false;
    falls += 1;
  };
  return {
    isCaughtUp: () => isCaughtUp,
    fallBehind,
    beginCatchUp() {
      const before = falls;
      return () => {
        isCaughtUp = falls === before;
      };
    },
    room: () => WINDOW - underWay.size,
    reach: () => WINDOW - underWay.size + messages.size + deferred.size,
    holds: (messageId) => messages.has(messageId) || deferred.has(messageId),
    handed(commandId, messageId) {
      underWay.set(commandId, messageId);
      messages.add(messageId);
    },
    answered(commandId) {
      const messageId = underWay.get(commandId);
      if (messageId === undefined) return undefined;
      underWay.delete(commandId);
      return messageId;
    },
    settled: (messageId) => void messages.delete(messageId),
    defer: (messageId) => void deferred.add(messageId),
    reopen() {
      deferred.clear();
      fallBehind();
    },
    restart() {
      underWay.clear();
      messages.clear();
      deferred.clear();
      fallBehind();
    },
  };
}
