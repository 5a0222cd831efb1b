// Messages that a peer passes on: each is judged and, if it is accepted, stored. Everything that arrives is treated as hostile.
import { createDeviceProofCheck } from '../trust/device-key.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Given, readPassed } from '../../../core/protocol/backfill/backfill.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { Proof } from '../../../core/protocol/message/proof.js';
import { type DeviceRanges, rangesInclude } from '../../../core/protocol/backfill/ranges.js';
import type { Future } from '../messages/dating/future.js';
import { type Forgery, type Judgement, judge } from '../messages/validation.js';
import { proofToStore, sanitiseMessage } from '../messages/sanitise.js';
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
  readonly future: Pick<Future, 'seems' | 'isConfirmed'>;
}

export interface Arrived {
  readonly message: Message;
  readonly show: () => void;
}

export interface Reception {
  /** The messages that this terminal did not have before. */
  readonly arrived: readonly Arrived[];
  /** Every message that was asked for and arrived, good or bad. */
  readonly seen: readonly { readonly device: DeviceId; readonly seq: number }[];
  /** The fault of the first forged message, as the end of a sentence; null without a forged message. */
  readonly forgery: string | null;
}

export type ReceivePassed = (
  peer: Peer,
  asked: { readonly conversation: ConversationId; readonly devices: readonly DeviceRanges[] },
  given: Given,
) => Promise<Reception>;

export function createReceivePassed(parts: ReceiveParts): ReceivePassed {
  const { rooms, enrolments, people, future } = parts;

  function judgeNow(peer: Peer, message: Message, isSigned: boolean, hasSynced: boolean): Judgement {
    const me = parts.me();
    if (me === null) return { verdict: 'behind' };
    const { conversation, device } = message;
    const owner = device === peer.device ? peer.account : enrolments.ownerOf(device);
    const from = { bearer: peer, isPassedOn: true, owner, isSigned };
    return judge(message, { me, ...from, room: rooms.get(conversation), hasSynced });
  }

  /** The fault of a forged message, as the end of a sentence about it. */
  function faultOf(forgery: Forgery, { account }: Message): string {
    const author = people.nameOf(account);
    return forgery === 'owner' ? `its device does not belong to ${author}` : `${author} did not sign it`;
  }

  return async (peer, { conversation, devices }, given) => {
    for (const signed of given.enrolments) await enrolments.shown(signed);
    const isProven = createDeviceProofCheck();
    const seen: { readonly device: DeviceId; readonly seq: number }[] = [];
    const good: { readonly message: Message; readonly proof: Proof | null }[] = [];
    const forgeries: string[] = [];
    /** Null until the tracker is asked. */
    let hasSynced: boolean | null = null;
    for (const text of given.messages) {
      const passed = readPassed(text);
      if (passed === null) {
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
      const isSigned = isProven(message, proof);
      let judgement = judgeNow(peer, message, isSigned, hasSynced === true);
      if (hasSynced === null && judgement.verdict === 'behind') {
        hasSynced = await parts.trackerSync.sync();
        judgement = judgeNow(peer, message, isSigned, hasSynced);
      }
      if (judgement.verdict === 'forged') forgeries.push(faultOf(judgement.forgery, message));
      // The author may have been blocked since the request.
      if (judgement.verdict !== 'accepted' || parts.isBlocked(message.account)) continue;
      // A message dated in the future is not stored now. Peers offer it again, and it is accepted once its time has come. It is
      // not the peer's fault.
      if (future.seems(message.hlc) && (await future.isConfirmed(message.hlc))) continue;
      // A message without visible text is skipped, but is no forgery: terminals with an older version store it and pass it on.
      const cleaned = sanitiseMessage(message);
      if (cleaned === null) continue;
      good.push({ message: cleaned, proof: proofToStore(message, cleaned, proof) });
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
