// A bounded queue that handles several items at a time, in order. It does not interpret the items.

export interface Mailbox<Item> {
  /** Queues the item; returns false if the queue is full. */
  offer(item: Item): boolean;
  /** Whether no item is queued or being handled. */
  isIdle(): boolean;
  /** Resolves when the mailbox is idle. */
  idle(): Promise<void>;
}

export interface MailboxOptions<Item> {
  /** The maximum number of queued items, not counting those being handled. */
  readonly capacity: number;
  /** The maximum number of queued items handled together. */
  readonly together: number;
  /** Must not reject: the handler itself reports the success or failure of each item. */
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
