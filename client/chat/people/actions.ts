// The actions on people: list who is online, and start a private conversation.
import { z } from 'zod';
import { type AccountId, accountIdSchema } from '../../../core/ids.js';
import { explain, type Response } from '../../../core/protocol/envelope.js';
import { privateConversation } from '../../../core/protocol/message/message.js';
import { foldName, usernameSchema } from '../../../core/protocol/names.js';
import { introducedSchema, peopleListSchema } from '../../../core/protocol/operations.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { CarrierChoice, CarrierChoices } from '../peers/carrier-choice.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel } from '../events.js';
import type { CarrierControl } from '../peers/carrier-control.js';
import type { Introducer } from '../peers/introducer.js';
import { granted, refusal, refused, success, unusable } from '../outcome.js';
import type { Peers } from '../peers/peers.js';
import type { ChatActions } from '../port.js';
import type { People } from './people.js';
import type { SilentPeople } from './silent-people.js';
import type { Pins } from '../trust/pins.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface PeopleActionsParts {
  readonly session: Session;
  readonly people: People;
  readonly conversations: Conversations;
  readonly pins: Pick<Pins, 'isVerified'>;
  readonly carrierChoices: CarrierChoices;
  readonly carrierControl: CarrierControl;
  readonly introducer: Pick<Introducer, 'accept'>;
  readonly rooms: Pick<Rooms, 'joinedBy'>;
  readonly peers: Pick<Peers, 'openOf'>;
  readonly silentPeople: Pick<SilentPeople, 'listed' | 'isGone'>;
  readonly isBlocked: (account: AccountId) => boolean;
}

export type PeopleActions = Pick<ChatActions, 'people' | 'startPrivate'>;

const peerSchema = z.object({ peer: z.object({ account: accountIdSchema, username: z.string() }) });

/** Refusals after which the conversation still opens. Its messages wait for the person. */
const LATER: ReadonlySet<string> = new Set(['USERNAME_OFFLINE', 'UNAVAILABLE', 'BUSY']);

export function createPeopleActions(parts: PeopleActionsParts): PeopleActions {
  const {
    session,
    people,
    conversations,
    pins,
    carrierChoices,
    carrierControl,
    introducer,
    rooms,
    peers,
    silentPeople,
    isBlocked,
  } = parts;

  /** The account named `username`, from the tracker's answer or from the names that this terminal knows. */
  async function partnerOf(username: string, response: Response): Promise<AccountId | undefined> {
    const introduced = introducedSchema.safeParse(response.data);
    const signed = isSuccess(response.status) && introduced.success ? introduced.data.introductions : [];
    const introductions = [];
    for (const one of signed) introductions.push(await introducer.accept(one, username));
    const named = peerSchema.safeParse(response.data);
    const isNamed = named.success && foldName(named.data.peer.username) === foldName(username);
    // Every introduction was refused, so the name in the same answer is not trusted either.
    if (signed.length > 0 && introductions.every((one) => one === null)) return undefined;
    if (isNamed) await people.hear([named.data.peer]);
    return introductions.find((one) => one !== null)?.peer.account ?? people.find(username);
  }

  /**
   * Asks the tracker for an introduction. The choice is stored before the introduction is read, so that no other carrier is
   * tried.
   */
  async function ask(username: string, choice: CarrierChoice | null): Promise<Response> {
    const known = people.find(username);
    const wanted = choice ?? (known === undefined ? 'auto' : carrierChoices.towards(known));
    const connection = wanted === 'udp' ? 'UDP' : 'TCP';
    const response = await session.request('PRIVATE', { username }, { connection });
    const named = peerSchema.safeParse(response.data);
    const account = named.success ? named.data.peer.account : known;
    const me = session.identity?.account;
    if (choice !== null && account !== undefined && me !== undefined && account !== me) {
      await carrierChoices.choose(privateConversation(me, account), choice);
    }
    return response;
  }

  /** The rooms shared with each account. */
  function roomsShared(me: AccountId | null): ReadonlyMap<AccountId, readonly ConversationLabel[]> {
    const shared = new Map<AccountId, ConversationLabel[]>();
    for (const room of me === null ? [] : rooms.joinedBy(me)) {
      const label = conversations.labelOf(room.conversation);
      for (const account of membersOf(room)) shared.set(account, [...(shared.get(account) ?? []), label]);
    }
    return shared;
  }

  return {
    async people() {
      const response = await session.request('People', { operation: 'LIST' });
      if (!isSuccess(response.status)) return refused(response);
      const list = peopleListSchema.safeParse(response.data);
      if (!list.success) return unusable(explain(list.error));
      const me = session.identity?.account ?? null;
      const shared = roomsShared(me);
      silentPeople.listed(list.data.people);
      const present = list.data.people.filter(({ account }) => !silentPeople.isGone(account));
      const listed = present.map(({ account, username, state, bot }) => ({
        account,
        username: sanitiseLine(username),
        state,
        isYou: account === me,
        isVerified: pins.isVerified(account),
        rooms: shared.get(account) ?? [],
        carrier: peers.openOf(account)[0]?.carrier ?? null,
        isBlocked: isBlocked(account),
        ...(bot === true && { isBot: true as const }),
      }));
      return granted(response, { people: listed });
    },
    async startPrivate(written, choice = null) {
      const parsed = usernameSchema.safeParse(written.replace(/^@/, ''));
      if (!parsed.success) {
        return refusal(3, 'INVALID_COMMAND', `${explain(parsed.error)} Use /msg USER.`);
      }
      const username = parsed.data;
      if (foldName(username) === foldName(session.identity?.username ?? '')) {
        const message =
          'You cannot start a private conversation with yourself. /people lists the people online.';
        return refusal(3, 'INVALID_COMMAND', message);
      }
      const response = await ask(username, choice);
      if (!isSuccess(response.status) && !LATER.has(response.phrase)) return refused(response);
      const partner = await partnerOf(username, response);
      if (partner === undefined) {
        return isSuccess(response.status) ? unusable('it contains no valid introduction') : refused(response);
      }
      const conversation = await conversations.openPrivate(partner);
      await conversations.setCurrent(conversation);
      const label = conversations.labelOf(conversation);
      const carried =
        choice === null ? '' : ` ${(await carrierControl.choose(conversation, choice)).message}`;
      if (!isSuccess(response.status)) {
        const refusedAnswer = refused(response);
        const message = `${refusedAnswer.message}${carried}`;
        return { ...refusedAnswer, message, reason: null, conversation: label };
      }
      const answer = granted(response, { conversation: label });
      // The usual answer says only that the two people were introduced and is not shown. Any other answer is shown.
      const isUsual = answer.message === success(3, 'PRIVATE_SESSION_INITIATED', null).message;
      const begun = `The private conversation with ${label.slice(1)} is open.${isUsual ? '' : ` ${answer.message}`}`;
      return { ...answer, message: `${begun}${carried}` };
    },
  };
}
