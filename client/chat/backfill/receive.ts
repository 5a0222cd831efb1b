// Messages that a peer passes on: each is judged, and stored if its author signed it and both are in the conversation. Everything
// that arrives is hostile.
import { isDeepStrictEqual } from 'node:util';
import { rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Given, type Passed, readPassed } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import { createProofCheck, type Proof, type ProofCheck } from '../../../core/protocol/message/proof.js';
import { type DeviceRanges, rangesInclude } from '../../../core/protocol/backfill/ranges.js';
import { type Judgement, judgePassed } from '../messages/validation.js';
import { sanitiseMessage } from '../messages/sanitise.js';
import type { Enrolments } from '../trust/enrolments.js';
import type { People } from '../people/people.js';
import type { Peer } from '../peers/peers.js';
import type { StoreReceived } from '../messages/store-received.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import type { Rooms } from '../rooms/rooms.js';

export interface ReceiveParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly rooms: Pick<Rooms, 'get'>;
  readonly people: Pick<People, 'nameOf'>;
  readonly enrolments: Pick<Enrolments, 'ownerOf' | 'shown'>;
  readonly storeReceived: StoreReceived;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
}

export interface Arrived {
  readonly message: Message;
  readonly show: () => void;
}

export interface Reception {
  /** The messages that were not here before. */
  readonly arrived: readonly Arrived[];
  /** Every message that was asked for and arrived, good or bad. */
  readonly seen: readonly { readonly device: DeviceId; readonly seq: number }[];
  /** What is wrong with the first forged message, as the end of a sentence about it; null without one. */
  readonly forgery: string | null;
}

export type ReceivePassed = (
  peer: Peer,
  asked: { readonly conversation: ConversationId; readonly devices: readonly DeviceRanges[] },
  given: Given,
) => Promise<Reception>;

export function createReceivePassed(parts: ReceiveParts): ReceivePassed {
  const { rooms, enrolments, people } = parts;

  /** What is wrong with it; null if its author signed it. */
  function forgeryIn(peer: Peer, { message, proof }: Passed, isProven: ProofCheck): string | null {
    const { account, device } = message;
    const author = people.nameOf(account);
    const isAuthors = device === peer.device;
    const owner = isAuthors ? peer.account : enrolments.ownerOf(device);
    if (owner !== account) return `its device does not belong to ${author}`;
    if (isAuthors || isProven(message, proof, rawPublicKey(device))) return null;
    return `${author} did not sign it`;
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
      const cleaned = passed === null ? null : sanitiseMessage(passed.message);
      if (passed === null || cleaned === null) {
        forgeries.push('it cannot be read');
        continue;
      }
      const { message, proof } = passed;
      const { device, seq } = message;
      if (message.conversation !== conversation || !rangesInclude(devices, device, seq)) {
        forgeries.push('it was not requested');
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
        await parts.trackerSync.sync();
      }
      // The author may have been blocked since the request.
      if (parts.isBlocked(message.account) || judge(peer, message) !== 'accepted') continue;
      // A proof does not fit a text that had to be sanitised.
      good.push({ message: cleaned, proof: isDeepStrictEqual(cleaned, message) ? proof : null });
    }
    const all = await Promise.all(
      good.map(async ({ message, proof }) => ({
        message,
        received: await parts.storeReceived(message, proof, peer.carrier),
      })),
    );
    const arrived = all.flatMap(({ message, received }) =>
      received.outcome === 'stored' ? [{ message, show: received.show }] : [],
    );
    return { arrived, seen, forgery: forgeries[0] ?? null };
  };
}
