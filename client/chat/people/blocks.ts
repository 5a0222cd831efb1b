// The block list of the account, stored by the tracker for all of its terminals. Listeners act on changes.
import pLimit from 'p-limit';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { AccountId } from '../../../core/ids.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { blockListSchema } from '../../../core/protocol/operations.js';
import { foldName } from '../../../core/protocol/names.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import { granted, type Outcome, refusal, refused, unusable } from '../outcome.js';
import type { ChatActions } from '../port.js';
import type { BlockedPerson } from '../results.js';
import type { People } from './people.js';

export interface BlocksParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly people: Pick<People, 'hear'>;
}

export interface BlocksEvents {
  /** The block list changed. Whoever asked the tracker gets the answer after every listener has finished. */
  changed: { readonly blocked: readonly AccountId[]; readonly unblocked: readonly AccountId[] };
}

export type BlockActions = Pick<ChatActions, 'block' | 'unblock' | 'blocks'>;

export interface Blocks {
  readonly actions: BlockActions;
  readonly events: Subscribable<BlocksEvents>;
  /** Whether the account is blocked, by the last answer of the tracker since this terminal started. */
  has(account: AccountId): boolean;
  /** Asks the tracker for the list; false if it cannot be asked now. */
  refresh(): Promise<boolean>;
}

interface Answered {
  readonly response: Response;
  /** The names of all who are blocked now. */
  readonly usernames: readonly string[];
  /** The fault in the answer; null if it has none. */
  readonly fault: string | null;
}

export function createBlocks({ session, people }: BlocksParts): Blocks {
  const events = createEmitter<BlocksEvents>();
  const inTurn = pLimit(1);
  const nobody: ReadonlySet<AccountId> = new Set();
  let known: { readonly by: AccountId; readonly accounts: ReadonlySet<AccountId> } | null = null;

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

  async function change(operation: 'BLOCK' | 'UNBLOCK', username: string): Promise<Outcome<BlockedPerson>> {
    const { response, fault } = await ask({ operation, username });
    if (fault !== null) return unusable(fault);
    return isSuccess(response.status) ? granted(response, { username }) : refused(response);
  }

  return {
    events,
    has: (account) => blockedBy(session.identity?.account).has(account),
    async refresh() {
      const { response, fault } = await ask({ operation: 'BLOCKS' });
      // An older tracker has no blocks.
      return response.phrase === 'INVALID_COMMAND' || (isSuccess(response.status) && fault === null);
    },
    actions: {
      block: (username) => change('BLOCK', username),
      async unblock(username) {
        // The tracker also accepts `UNBLOCK` without a block. Only the list shows whether there was one.
        const { usernames, response, fault } = await ask({ operation: 'BLOCKS' });
        const isListed = isSuccess(response.status) && fault === null;
        const isBlocked = usernames.some((blocked) => foldName(blocked) === foldName(username));
        const outcome = await change('UNBLOCK', username);
        if (!outcome.isOk || !isListed || isBlocked) return outcome;
        return refusal(
          3,
          'NOT_BLOCKED',
          `${username} is not blocked. /blocks lists the people you have blocked.`,
        );
      },
      async blocks() {
        const { response, usernames, fault } = await ask({ operation: 'BLOCKS' });
        if (fault !== null) return unusable(fault);
        if (!isSuccess(response.status)) return refused(response);
        const blocks = usernames.map((username) => ({ username }));
        const message = blocks.length === 0 ? 'You have blocked nobody.' : `Blocked: ${blocks.length}.`;
        return { ...granted(response, { blocks }), message };
      },
    },
  };
}
