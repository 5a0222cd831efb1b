// Whom this terminal wants links to, and how it gets to be introduced: exactly those it shares a conversation with, and
// nobody who is blocked.
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
import type { CarrierChoices } from './carrier-choice.js';
import type { Conversations } from '../conversations.js';
import type { Peers } from './peers.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

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
  /** To all that are wanted, or only those to whom there is no link. */
  introduceToWanted(which: 'all' | 'unlinked'): Promise<boolean>;
  /** Takes an introduction to somebody who need not share anything with us yet. `asked`: the name we asked for, if any. */
  introduced(signed: Signed, asked: string | null): Promise<Introduction | null>;
  /** Gives up the links to those with whom nothing is shared any more. */
  prune(): Promise<void>;
}

export function createIntroducer(parts: IntroducerParts): Introducer {
  const { session, history, rooms, conversations, carrierChoices, peers, isBlocked, log } = parts;
  let introduced: { readonly to: AccountId; readonly newcomers: Set<AccountId> } | null = null;
  // Who is introduced while we part with others must not be parted with by an older view of who is wanted.
  const inTurn = pLimit(1);

  /** Who has been introduced to this account and shares nothing with it yet; who logs in after another has none of theirs. */
  function newcomersTo(me: AccountId): Set<AccountId> {
    if (introduced?.to !== me) introduced = { to: me, newcomers: new Set() };
    return introduced.newcomers;
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
    const hasMetOthers = await meetOver('TCP', others);
    return (await meetOver('UDP', overUdp)) && hasMetOthers;
  }

  async function meetOver(connection: Connection, accounts: readonly AccountId[]): Promise<boolean> {
    let isDone = true;
    for (let from = 0; from < accounts.length; from += limits.accountsPerIntroduction) {
      const chunk = accounts.slice(from, from + limits.accountsPerIntroduction);
      const response = await session.request('PRIVATE', { accounts: chunk }, { connection });
      const answer = isSuccess(response.status) ? introducedSchema.safeParse(response.data) : null;
      if (answer?.success !== true) {
        log.warn({ status: response.status, phrase: response.phrase }, 'no introductions');
        isDone = false;
        continue;
      }
      for (const signed of answer.data.introductions) await inTurn(() => peers.introduce(signed, null));
    }
    return isDone;
  }

  return {
    introduceTo,
    async introduceToWanted(which) {
      const { identity } = session;
      if (identity === null) return false;
      const shared = await wanted(identity.account, identity.device);
      const strangers = [...newcomersTo(identity.account)].filter((account) => !isBlocked(account));
      const accounts = [...new Set([...shared, ...strangers])];
      return introduceTo(
        which === 'all' ? accounts : accounts.filter((account) => peers.openOf(account).length === 0),
      );
    },
    introduced: (signed, asked) =>
      inTurn(async () => {
        const { identity } = session;
        const introduction = await peers.introduce(signed, asked);
        if (identity === null || introduction === null) return introduction;
        const shared = await wanted(identity.account, identity.device);
        const { account } = introduction.peer;
        const newcomers = newcomersTo(identity.account);
        // Sent before the tracker knew of the block.
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
