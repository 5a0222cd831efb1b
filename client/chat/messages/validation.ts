// Whether a message that came over a link is to be taken, from its author or from another member. Pure: it knows the rules and no one to ask.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { type Message, partiesOf } from '../../../core/protocol/message/message.js';
import type { Room } from '../../history/port.js';
import { presentStay, wasMember, wasRemoved } from '../rooms/room.js';

/** `behind`: this terminal does not know the room as its author did; ask the tracker, then judge again. */
export type Judgement =
  | { readonly verdict: 'accepted' | 'behind' }
  | { readonly verdict: 'refused'; readonly phrase: 'NOT_A_RECIPIENT'; readonly message: string };

export interface Circumstances {
  readonly me: AccountId;
  /** Who the tracker says is at the other end of the link. */
  readonly sender: { readonly account: AccountId; readonly device: DeviceId };
  /** The room of the message as known here. */
  readonly room: Room | undefined;
}

const accepted: Judgement = { verdict: 'accepted' };
const behind: Judgement = { verdict: 'behind' };

/**
 * A message is taken from its author's own device only. In a room its author must have been a member at the version it
 * was written for and not have been removed since, and this account be one then and still; a private one is between its author and this account, or was
 * written by this account elsewhere.
 */
export function judge(message: Message, { me, sender, room }: Circumstances): Judgement {
  if (message.account !== sender.account || message.device !== sender.device) {
    return refused('The message names another author than the owner of this link.');
  }
  return judgeMember(message, me, room, true);
}

export interface PassedCircumstances extends Omit<Circumstances, 'sender'> {
  /** Who the tracker says is at the other end of the link, if not the author. */
  readonly bearer: AccountId;
}

/**
 * Whether a message is to be taken that `bearer` passes on, and that its author has signed. Only who is in the conversation now is
 * believed to have had it. What an author said before being removed is still taken from those who had it by then, never
 * from the author.
 */
export function judgePassed(message: Message, { me, bearer, room }: PassedCircumstances): Judgement {
  const parties = partiesOf(message.conversation);
  const isIn = parties?.includes(bearer) ?? (room !== undefined && presentStay(room, bearer) !== undefined);
  if (!isIn) {
    return room === undefined && parties === null
      ? behind
      : refused('Who passes it on is not in the conversation.');
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
    return isOurs ? accepted : refused('The private conversation is between others.');
  }
  if (room === undefined || message.roster > room.version) return behind;
  const own = presentStay(room, me);
  if (own === undefined) return refused('This account is not in the room.');
  if (message.roster < own.joinedVersion) return refused('The message is older than this membership.');
  if (isFromAuthor && wasRemoved(room, message.account, message.roster)) {
    return refused('Its author has been removed from the room since.');
  }
  if (wasMember(room, message.account, message.roster)) return accepted;
  return refused('Its author was not in the room then.');
}

function refused(message: string): Judgement {
  return { verdict: 'refused', phrase: 'NOT_A_RECIPIENT', message };
}
