// The introducer: asks the tracker to introduce this terminal to those it shares a conversation with, and drops the links to
// all others and to blocked people.
import pLimit from 'p-limit';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Connection } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import { introducedSchema } from '../../../core/protocol/operations.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../core/protocol/signed/statements.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { History } from '../../history/port.js';
import type { Session } from '../../session/port.js';
import type { Conversations } from '../conversations.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';
import type { CarrierChoices } from './carrier-choice.js';
import type { Peers } from './peers.js';

export interface IntroducerParts {
  readonly session: Pick<Session, 'identity' | 'request'>;
  readonly history: Pick<History, 'pendingCounts'>;
  readonly rooms: Pick<Rooms, 'joinedBy'>;
  readonly conversations: Pick<Conversations, 'partners'>;
  readonly carrierChoices: Pick<CarrierChoices, 'towards'>;
  readonly peers: Pick<Peers, 'introduce' | 'openOf' | 'keepOnly' | 'rechoose'>;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly log: Log;
}

export interface Introducer {
  /** Asks for introductions to the accounts; false if the tracker cannot be asked now. */
  introduceTo(accounts: readonly AccountId[]): Promise<boolean>;
  /** Asks for an introduction to everyone a link is wanted to, or only to those without an open link. */
  introduceToWanted(which: 'all' | 'unlinked'): Promise<boolean>;
  /** Takes an introduction, also to a person who shares no conversation yet. `asked`: the username that was asked for, if any. */
  accept(signed: Signed, asked: string | null): Promise<Introduction | null>;
  /** Closes the links to everyone who shares no conversation any more. */
  prune(): Promise<void>;
}

export function createIntroducer(parts: IntroducerParts): Introducer {
  const { session, history, rooms, conversations, carrierChoices, peers, isBlocked, log } = parts;
  let latest: { readonly to: AccountId; readonly newcomers: Set<AccountId> } | null = null;
  // Introductions and prunings run one after another: a pruning must not drop a peer introduced after it read the conversations.
  const inTurn = pLimit(1);

  /** Accounts introduced to `me` that share no conversation yet. Another account that logs in starts with an empty set. */
  function newcomersTo(me: AccountId): Set<AccountId> {
    if (latest?.to !== me) latest = { to: me, newcomers: new Set() };
    return latest.newcomers;
  }

  async function wanted(me: AccountId, device: DeviceId): Promise<ReadonlySet<AccountId>> {
    const pending = await history.pendingCounts(device);
    const inRooms = rooms.joinedBy(me).flatMap(membersOf);
    const all = [me, ...inRooms, ...conversations.partners(), ...pending.keys()];
    return new Set(all.filter((account) => !isBlocked(account)));
  }

  const isOverUdp = (account: AccountId): boolean => carrierChoices.towards(account) === 'udp';

  async function introduceTo(accounts: readonly AccountId[]): Promise<boolean> {
    const [overUdp, others] = [accounts.filter(isOverUdp), accounts.filter((one) => !isOverUdp(one))];
    const hasAskedOthers = await ask('TCP', others);
    return (await ask('UDP', overUdp)) && hasAskedOthers;
  }

  async function ask(connection: Connection, accounts: readonly AccountId[]): Promise<boolean> {
    let isComplete = true;
    for (let from = 0; from < accounts.length; from += limits.accountsPerIntroduction) {
      const chunk = accounts.slice(from, from + limits.accountsPerIntroduction);
      const response = await session.request('PRIVATE', { accounts: chunk }, { connection });
      const answer = isSuccess(response.status) ? introducedSchema.safeParse(response.data) : null;
      if (answer?.success !== true) {
        log.warn({ status: response.status, phrase: response.phrase }, 'the tracker gave no introductions');
        isComplete = false;
        continue;
      }
      for (const signed of answer.data.introductions) await inTurn(() => peers.introduce(signed, null));
    }
    return isComplete;
  }

  return {
    introduceTo,
    async introduceToWanted(which) {
      const { identity } = session;
      if (identity === null) return false;
      const shared = await wanted(identity.account, identity.device);
      const newcomers = [...newcomersTo(identity.account)].filter((account) => !isBlocked(account));
      const accounts = [...new Set([...shared, ...newcomers])];
      return introduceTo(
        which === 'all' ? accounts : accounts.filter((account) => peers.openOf(account).length === 0),
      );
    },
    accept: (signed, asked) =>
      inTurn(async () => {
        const { identity } = session;
        const introduction = await peers.introduce(signed, asked);
        if (identity === null || introduction === null) return introduction;
        const shared = await wanted(identity.account, identity.device);
        const { account } = introduction.peer;
        const newcomers = newcomersTo(identity.account);
        // The tracker sent the introduction before it knew of the block.
        if (isBlocked(account)) await peers.keepOnly(new Set([...shared, ...newcomers]));
        else if (!shared.has(account)) newcomers.add(account);
        return introduction;
      }),
    prune: () =>
      inTurn(async () => {
        const { identity } = session;
        if (identity === null) return;
        const shared = await wanted(identity.account, identity.device);
        const newcomers = newcomersTo(identity.account);
        for (const account of newcomers) {
          if (shared.has(account) || isBlocked(account)) newcomers.delete(account);
        }
        await peers.keepOnly(new Set([...shared, ...newcomers]));
        peers.rechoose();
      }),
  };
}
