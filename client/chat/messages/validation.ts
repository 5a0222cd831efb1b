// The judgement of messages that arrive over a link, from their author or passed on by another member, by the same rules. Pure:
// it asks nobody and verifies no signature itself.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Message, partiesOf } from '../../../core/protocol/message/message.js';
import type { Room } from '../../history/port.js';
import { presentStay, wasMember, wasRemoved } from '../rooms/room.js';

/** The part of a message that is forged. */
export type Forgery = 'owner' | 'signature';

/**
 * `behind`: the room, or the version that the message names, is unknown to this terminal. Ask the tracker, then judge again.
 * `refused` and `forged`: the message is never accepted, whoever brings it.
 */
export type Judgement =
  | { readonly verdict: 'accepted' | 'behind' }
  | { readonly verdict: 'refused'; readonly phrase: 'NOT_A_RECIPIENT'; readonly message: string }
  | {
      readonly verdict: 'forged';
      readonly phrase: 'NOT_A_RECIPIENT' | 'SIGNATURE_INVALID';
      readonly message: string;
      readonly forgery: Forgery;
    };

export interface Circumstances {
  readonly me: AccountId;
  /** The device that brought the message over its link, and the account that the tracker gave for the device. */
  readonly bearer: { readonly account: AccountId; readonly device: DeviceId };
  /** Whether the bearer passes it on, with its proof. If not, the bearer must be its author. */
  readonly isPassedOn: boolean;
  /** The owner of the author's device by the tracker's word; undefined if unknown. */
  readonly owner: AccountId | undefined;
  /** Whether the author's device signed exactly this message; null for a message without a proof. */
  readonly isSigned: boolean | null;
  /** The room of the message, as far as this terminal knows it. */
  readonly room: Room | undefined;
  /** Whether the tracker has sent its state of the room since the message arrived. */
  readonly hasSynced: boolean;
}

const accepted: Judgement = { verdict: 'accepted' };
const behind: Judgement = { verdict: 'behind' };

/**
 * Judges one message by its proof, its bearer and its conversation.
 *
 * - The device belongs to the account of the author. A proof fits the message. Only the author's own link may bring a message
 *   without a proof, because older terminals send none.
 * - The bearer is the author, or passes the message on and is in the conversation now.
 * - A private message is between its author and this account, or comes from another terminal of this account.
 * - In a room the author was a member at the version that the message names, and this account has been one since. A message whose
 *   author was removed later is accepted from other members only.
 * - A message that names a later version than the tracker has was sent before the tracker was restored from an older backup. It is
 *   judged at the tracker's version.
 */
export function judge(message: Message, circumstances: Circumstances): Judgement {
  const { bearer, isPassedOn, owner, isSigned } = circumstances;
  const isFromAuthor = message.device === bearer.device && message.account === bearer.account;
  if (!isFromAuthor && !isPassedOn)
    return refused('The author of the message is not the owner of this link.');
  if (owner !== message.account) {
    const fault = 'The device of the message does not belong to the account of its author.';
    return { verdict: 'forged', phrase: 'NOT_A_RECIPIENT', message: fault, forgery: 'owner' };
  }
  if (isSigned === false || (isSigned === null && !isFromAuthor)) {
    const fault = 'The signature of the message does not match its text.';
    return { verdict: 'forged', phrase: 'SIGNATURE_INVALID', message: fault, forgery: 'signature' };
  }
  return judgeMembership(message, circumstances, isFromAuthor);
}

function judgeMembership(
  message: Message,
  { me, bearer, room, hasSynced }: Circumstances,
  isFromAuthor: boolean,
): Judgement {
  const parties = partiesOf(message.conversation);
  if (parties !== null) {
    const isOurs = parties.includes(me) && parties.includes(message.account) && parties[0] !== parties[1];
    if (!isOurs) return refused('The private conversation is between other accounts.');
    return parties.includes(bearer.account) ? accepted : refused(BEARER_IS_OUTSIDE);
  }
  if (room === undefined) return behind;
  if (!isFromAuthor && presentStay(room, bearer.account) === undefined) return refused(BEARER_IS_OUTSIDE);
  if (message.roster > room.version && !hasSynced) return behind;
  const version = Math.min(message.roster, room.version);
  const own = presentStay(room, me);
  if (own === undefined) return refused('This account is not in the room.');
  if (version < own.joinedVersion)
    return refused('The message is older than the membership of this account.');
  // A removed author's own terminals are no independent witnesses of when the message was written.
  if (bearer.account === message.account && wasRemoved(room, message.account, version)) {
    return refused('The author of the message was removed from the room.');
  }
  if (wasMember(room, message.account, version)) return accepted;
  return refused('The author of the message was not in the room when the message was written.');
}

const BEARER_IS_OUTSIDE = 'The terminal that passed the message on is not in the conversation.';

function refused(message: string): Judgement {
  return { verdict: 'refused', phrase: 'NOT_A_RECIPIENT', message };
}
