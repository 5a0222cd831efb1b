// A bounded queue handled one item at a time, in order. It knows not what the items are.

export interface Mailbox<Item> {
  /** Takes the item, or says false when full. */
  offer(item: Item): boolean;
  /** Whether nothing waits and nothing is in hand. */
  isIdle(): boolean;
  /** Resolves once it is idle. */
  idle(): Promise<void>;
}

export interface MailboxOptions<Item> {
  /** How many items may wait behind the one in hand. */
  readonly capacity: number;
  /** Must not reject: the answer to an item, good or bad, is the handler's affair. */
  readonly handle: (item: Item) => Promise<void>;
}

export function createMailbox<Item>({ capacity, handle }: MailboxOptions<Item>): Mailbox<Item> {
  const waiting: Item[] = [];
  let inHand = false;
  let atRest: (() => void)[] = [];

  async function work(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await handle(item);
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
