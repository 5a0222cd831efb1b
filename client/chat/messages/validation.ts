// Validation of messages that arrive over a link, from their author or passed on by another member. Pure.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Message, partiesOf } from '../../../core/protocol/message/message.js';
import type { Room } from '../../history/port.js';
import { presentStay, wasMember, wasRemoved } from '../rooms/room.js';

/** `behind`: the author knew a later version of the room; ask the tracker, then judge again. */
export type Judgement =
  | { readonly verdict: 'accepted' | 'behind' }
  | { readonly verdict: 'refused'; readonly phrase: 'NOT_A_RECIPIENT'; readonly message: string };

export interface Circumstances {
  readonly me: AccountId;
  /** The owner of the link, as introduced by the tracker. */
  readonly sender: { readonly account: AccountId; readonly device: DeviceId };
  /** The room of the message, as far as it is known here. */
  readonly room: Room | undefined;
}

const accepted: Judgement = { verdict: 'accepted' };
const behind: Judgement = { verdict: 'behind' };

/**
 * Judges a message from its author's own device. In a room the author must have been a member at the version that the message
 * names and not have been removed since, and this account must be a member since then. A private message must be between its
 * author and this account, or be this account's own from another terminal.
 */
export function judge(message: Message, { me, sender, room }: Circumstances): Judgement {
  if (message.account !== sender.account || message.device !== sender.device) {
    return refused('The author of the message is not the owner of this link.');
  }
  return judgeMember(message, me, room, true);
}

export interface PassedCircumstances extends Omit<Circumstances, 'sender'> {
  /** The owner of the link, as introduced by the tracker; may be another account than the author's. */
  readonly bearer: AccountId;
}

/**
 * Judges a message that `bearer` passes on and its author signed. The bearer must be in the conversation now. A message that its
 * author wrote before being removed is accepted from other members, never from the author.
 */
export function judgePassed(message: Message, { me, bearer, room }: PassedCircumstances): Judgement {
  const parties = partiesOf(message.conversation);
  const isIn = parties?.includes(bearer) ?? (room !== undefined && presentStay(room, bearer) !== undefined);
  if (!isIn) {
    return room === undefined && parties === null
      ? behind
      : refused('The terminal that passed it on is not in the conversation.');
  }
  return judgeMember(message, me, room, bearer === message.account);
}

function judgeMember(
  message: Message,
  me: AccountId,
  room: Room | undefined,
  isFromAuthor: boolean,
): Judgement {
  const parties = partiesOf(message.conversation);
  if (parties !== null) {
    const isOurs = parties.includes(me) && parties.includes(message.account) && parties[0] !== parties[1];
    return isOurs ? accepted : refused('The private conversation is between other accounts.');
  }
  if (room === undefined || message.roster > room.version) return behind;
  const own = presentStay(room, me);
  if (own === undefined) return refused('This account is not in the room.');
  if (message.roster < own.joinedVersion)
    return refused('The message is older than the membership of this account.');
  if (isFromAuthor && wasRemoved(room, message.account, message.roster)) {
    return refused('Its author was removed from the room.');
  }
  if (wasMember(room, message.account, message.roster)) return accepted;
  return refused('Its author was not in the room at that version.');
}

function refused(message: string): Judgement {
  return { verdict: 'refused', phrase: 'NOT_A_RECIPIENT', message };
}
