// The block list of the account, stored by the tracker for all of its terminals. Listeners act on changes.
import pLimit from 'p-limit';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { AccountId } from '../../../core/ids.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { blockListSchema } from '../../../core/protocol/operations.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { Outcome } from '../events.js';
import { outcomeOf, refused, unusable } from '../outcome.js';
import type { People } from './people.js';

export interface BlocksParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly people: Pick<People, 'hear'>;
}

export interface BlocksEvents {
  /** The answer of the tracker is used after every listener has finished. */
  changed: { readonly blocked: readonly AccountId[]; readonly unblocked: readonly AccountId[] };
}

export interface Blocks {
  readonly events: Subscribable<BlocksEvents>;
  /** Whether the account is blocked, by the last answer of the tracker since this terminal started. */
  has(account: AccountId): boolean;
  /** Asks the tracker; false if it cannot be asked now. */
  refresh(): Promise<boolean>;
  block(username: string): Promise<Outcome>;
  unblock(username: string): Promise<Outcome>;
  list(): Promise<Outcome>;
}

interface Answered {
  readonly response: Response;
  /** The names of all who are blocked now, or what is wrong with the answer. */
  readonly usernames: readonly string[];
  readonly fault: string | null;
}

export function createBlocks({ session, people }: BlocksParts): Blocks {
  const events = createEmitter<BlocksEvents>();
  const inTurn = pLimit(1);
  const nobody: ReadonlySet<AccountId> = new Set();
  let known: { readonly by: AccountId; readonly accounts: ReadonlySet<AccountId> } | null = null;

  /** Those that `by` has blocked. */
  const blockedBy = (by: AccountId | undefined): ReadonlySet<AccountId> =>
    known !== null && known.by === by ? known.accounts : nobody;

  function ask(data: { readonly operation: string; readonly username?: string }): Promise<Answered> {
    return inTurn(async () => {
      const me = session.identity?.account;
      const response = await session.request('People', data);
      if (!isSuccess(response.status) || me === undefined) return { response, usernames: [], fault: null };
      const list = blockListSchema.safeParse(response.data);
      if (!list.success) return { response, usernames: [], fault: explain(list.error) };
      const { blocks } = list.data;
      await people.hear(blocks);
      const before = blockedBy(me);
      const accounts = new Set(blocks.map(({ account }) => account));
      known = { by: me, accounts };
      const blocked = [...accounts].filter((account) => !before.has(account));
      const unblocked = [...before].filter((account) => !accounts.has(account));
      if (blocked.length + unblocked.length > 0) await events.emit('changed', { blocked, unblocked });
      return { response, usernames: blocks.map(({ username }) => sanitiseLine(username)), fault: null };
    });
  }

  async function change(operation: 'BLOCK' | 'UNBLOCK', username: string): Promise<Outcome> {
    const { response, fault } = await ask({ operation, username });
    if (fault !== null) return unusable(fault);
    return isSuccess(response.status) ? outcomeOf(response, { username }) : refused(response);
  }

  return {
    events,
    has: (account) => blockedBy(session.identity?.account).has(account),
    async refresh() {
      const { response, fault } = await ask({ operation: 'BLOCKS' });
      // An older tracker keeps none.
      return response.phrase === 'INVALID_COMMAND' || (isSuccess(response.status) && fault === null);
    },
    block: (username) => change('BLOCK', username),
    unblock: (username) => change('UNBLOCK', username),
    async list() {
      const { response, usernames, fault } = await ask({ operation: 'BLOCKS' });
      if (fault !== null) return unusable(fault);
      if (!isSuccess(response.status)) return refused(response);
      const blocks = usernames.map((username) => ({ username }));
      const message = blocks.length === 0 ? 'You have blocked nobody.' : `Blocked: ${blocks.length}.`;
      return { ...outcomeOf(response, { blocks }), message };
    },
  };
}
