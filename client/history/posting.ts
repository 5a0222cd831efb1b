// Gathers what is said in one turn, so that it is numbered, signed and committed together. Knows no SQL.
import type { Draft, StoredMessage } from './port.js';
import type { Post } from './messages.js';

interface Waiting {
  readonly post: Post;
  readonly resolve: (stored: StoredMessage) => void;
  readonly reject: (error: unknown) => void;
}

/** @param accept all or nothing; gives what was stored in the order of what was given */
export function createPosting(
  accept: (posts: readonly Post[]) => Promise<readonly StoredMessage[]>,
): (draft: Draft, recipients: Post['recipients'], sign: Post['sign']) => Promise<StoredMessage> {
  let turn: Waiting[] = [];

  async function flush(): Promise<void> {
    const waiting = turn;
    turn = [];
    try {
      const stored = await accept(waiting.map(({ post }) => post));
      for (const [index, one] of stored.entries()) waiting[index]?.resolve(one);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  return (draft, recipients, sign) =>
    new Promise((resolve, reject) => {
      if (turn.length === 0) setImmediate(() => void flush());
      turn.push({ post: { draft, recipients, sign }, resolve, reject });
    });
}
