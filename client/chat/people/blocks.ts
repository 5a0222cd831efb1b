// Whom the account wants no contact with, as the tracker keeps it for all its terminals. What follows from it here is
// its listener's business.
import pLimit from 'p-limit';
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
  /** Called when these are blocked, and those not any more; the tracker's answer is given when it resolves. */
  readonly onChanged: (begun: readonly AccountId[], ended: readonly AccountId[]) => Promise<void>;
}

export interface Blocks {
  /** As far as the tracker has told since this terminal was started. */
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

export function createBlocks({ session, people, onChanged }: BlocksParts): Blocks {
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
      const begun = [...accounts].filter((account) => !before.has(account));
      const ended = [...before].filter((account) => !accounts.has(account));
      if (begun.length + ended.length > 0) await onChanged(begun, ended);
      return { response, usernames: blocks.map(({ username }) => sanitiseLine(username)), fault: null };
    });
  }

  async function change(operation: 'BLOCK' | 'UNBLOCK', username: string): Promise<Outcome> {
    const { response, fault } = await ask({ operation, username });
    if (fault !== null) return unusable(fault);
    return isSuccess(response.status) ? outcomeOf(response, { username }) : refused(response);
  }

  return {
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
