// Judges messages that somebody else passes on, and takes the good ones: each is its author's, proven, from a member and for
// this reader. Everything is hostile here.
import { isDeepStrictEqual } from 'node:util';
import { rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Given, type Passed, readPassed } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import { createProofCheck, type Proof, type ProofCheck } from '../../../core/protocol/message/proof.js';
import { type DeviceRuns, includesRun } from '../../../core/protocol/backfill/ranges.js';
import { type Judgement, judgePassed } from '../messages/validation.js';
import { clean } from '../messages/sanitise.js';
import type { Enrolments } from '../trust/enrolments.js';
import type { People } from '../people/people.js';
import type { Peer } from '../peers/peers.js';
import type { Receive } from '../messages/store-received.js';
import type { Rooms } from '../rooms/rooms.js';

export interface ReceiveParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly rooms: Pick<Rooms, 'get'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly enrolments: Pick<Enrolments, 'ownerOf' | 'shown'>;
  readonly receive: Receive;
  /** Fetches what was missed from the tracker; false if it cannot be asked now. */
  readonly sync: () => Promise<boolean>;
}

export interface Arrived {
  readonly message: Message;
  readonly show: () => void;
}

export interface Taken {
  /** What was not here before. */
  readonly arrived: readonly Arrived[];
  /** All that was asked for and came, good or bad. */
  readonly seen: readonly { readonly device: DeviceId; readonly seq: number }[];
  /** How it shows that the peer is not to be believed, the rest of a sentence about a message; null if it does not. */
  readonly forgery: string | null;
}

export type Take = (
  peer: Peer,
  asked: { readonly conversation: ConversationId; readonly devices: readonly DeviceRuns[] },
  given: Given,
) => Promise<Taken>;

export function createReceive(parts: ReceiveParts): Take {
  const { rooms, enrolments, people } = parts;

  /** Why it cannot be its author's; null if it is. */
  function forgeryIn(peer: Peer, { message, proof }: Passed, isProven: ProofCheck): string | null {
    const { account, device } = message;
    const author = people.nameOf(account);
    const isAuthors = device === peer.device;
    const owner = isAuthors ? peer.account : enrolments.ownerOf(device);
    if (owner !== account) return `it does not show that the device it names is one of ${author}`;
    if (isAuthors || isProven(message, proof, rawPublicKey(device))) return null;
    return `${author} has not signed it`;
  }

  function judge(peer: Peer, message: Message): Judgement['verdict'] {
    const me = parts.me();
    if (me === null) return 'behind';
    return judgePassed(message, { me, bearer: peer.account, room: rooms.get(message.conversation) }).verdict;
  }

  return async (peer, { conversation, devices }, given) => {
    for (const signed of given.enrolments) await enrolments.shown(signed);
    const isProven = createProofCheck();
    const seen: { readonly device: DeviceId; readonly seq: number }[] = [];
    const good: { readonly message: Message; readonly proof: Proof | null }[] = [];
    const forgeries: string[] = [];
    let hasSynced = false;
    for (const text of given.messages) {
      const passed = readPassed(text);
      const cleaned = passed === null ? null : clean(passed.message);
      if (passed === null || cleaned === null) {
        forgeries.push('it cannot be read');
        continue;
      }
      const { message, proof } = passed;
      const { device, seq } = message;
      if (message.conversation !== conversation || !includesRun(devices, device, seq)) {
        forgeries.push('nobody asked for it');
        continue;
      }
      seen.push({ device, seq });
      const forgery = forgeryIn(peer, passed, isProven);
      if (forgery !== null) {
        forgeries.push(forgery);
        continue;
      }
      if (!hasSynced && judge(peer, message) === 'behind') {
        hasSynced = true;
        await parts.sync();
      }
      // Asked for before its author was blocked.
      if (parts.isBlocked(message.account) || judge(peer, message) !== 'accepted') continue;
      // What had to be cleaned is not what was signed.
      good.push({ message: cleaned, proof: isDeepStrictEqual(cleaned, message) ? proof : null });
    }
    const all = await Promise.all(
      good.map(async ({ message, proof }) => ({
        message,
        received: await parts.receive(message, proof, peer.carrier),
      })),
    );
    const arrived = all.flatMap(({ message, received }) =>
      received.outcome === 'stored' ? [{ message, show: received.show }] : [],
    );
    return { arrived, seen, forgery: forgeries[0] ?? null };
  };
}
