// A bounded queue handled in order, some items at a time. It knows not what the items are.

export interface Mailbox<Item> {
  /** Takes the item, or says false when full. */
  offer(item: Item): boolean;
  /** Whether nothing waits and nothing is in hand. */
  isIdle(): boolean;
  /** Resolves once it is idle. */
  idle(): Promise<void>;
}

export interface MailboxOptions<Item> {
  /** How many items may wait behind those in hand. */
  readonly capacity: number;
  /** How many of those that wait are handled together. */
  readonly together: number;
  /** Must not reject: the answer to an item, good or bad, is the handler's affair. */
  readonly handle: (items: readonly Item[]) => Promise<void>;
}

export function createMailbox<Item>({ capacity, together, handle }: MailboxOptions<Item>): Mailbox<Item> {
  const waiting: Item[] = [];
  let inHand = false;
  let atRest: (() => void)[] = [];

  async function work(): Promise<void> {
    while (waiting.length > 0) await handle(waiting.splice(0, together));
    inHand = false;
    const resting = atRest;
    atRest = [];
    for (const resolve of resting) resolve();
  }

  return {
    offer(item) {
      if (waiting.length >= capacity) return false;
      waiting.push(item);
      if (!inHand) {
        inHand = true;
        void work();
      }
      return true;
    },
    isIdle: () => !inHand,
    idle: () =>
      new Promise((resolve) => {
        if (inHand) atRest.push(resolve);
        else resolve();
      }),
  };
}
