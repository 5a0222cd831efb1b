// What a user can do with people: see who is online, and begin a private conversation.
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
import type { ConversationLabel, Outcome } from '../events.js';
import type { LinkActions } from '../peers/actions.js';
import type { Introducer } from '../peers/introducer.js';
import { outcome, outcomeOf, refused, unusable } from '../outcome.js';
import type { Peers } from '../peers/peers.js';
import type { People } from './people.js';
import type { Pins } from '../trust/pins.js';
import { membersOf } from '../rooms/room.js';
import type { Rooms } from '../rooms/rooms.js';

export interface PeopleActionsParts {
  readonly session: Session;
  readonly people: People;
  readonly conversations: Conversations;
  readonly pins: Pick<Pins, 'isVerified'>;
  readonly carrierChoices: CarrierChoices;
  readonly linkActions: Pick<LinkActions, 'chooseFor'>;
  readonly introducer: Pick<Introducer, 'accept'>;
  readonly rooms: Pick<Rooms, 'joinedBy'>;
  readonly peers: Pick<Peers, 'openOf'>;
  readonly isBlocked: (account: AccountId) => boolean;
}

export interface PeopleActions {
  people(): Promise<Outcome>;
  startPrivate(username: string, choice: CarrierChoice | null): Promise<Outcome>;
}

const peerSchema = z.object({ peer: z.object({ account: accountIdSchema, username: z.string() }) });

/** Answers after which the conversation is opened all the same: what is written waits for the person. */
const LATER: ReadonlySet<string> = new Set(['USERNAME_OFFLINE', 'UNAVAILABLE', 'BUSY']);

export function createPeopleActions(parts: PeopleActionsParts): PeopleActions {
  const {
    session,
    people,
    conversations,
    pins,
    carrierChoices,
    linkActions,
    introducer,
    rooms,
    peers,
    isBlocked,
  } = parts;

  /** The account behind a name, as far as the tracker's answer and what is known here tell. */
  async function partnerOf(username: string, response: Response): Promise<AccountId | undefined> {
    const introduced = introducedSchema.safeParse(response.data);
    const signed = isSuccess(response.status) && introduced.success ? introduced.data.introductions : [];
    const introductions = [];
    for (const one of signed) introductions.push(await introducer.accept(one, username));
    const named = peerSchema.safeParse(response.data);
    const isNamed = named.success && foldName(named.data.peer.username) === foldName(username);
    // All that came was refused: the name in the answer is no better than they were.
    if (signed.length > 0 && introductions.every((one) => one === null)) return undefined;
    if (isNamed) await people.hear([named.data.peer]);
    return introductions.find((one) => one !== null)?.peer.account ?? people.find(username);
  }

  /** Asks the tracker. The choice holds before the introduction is read: no other way is tried meanwhile. */
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

  /** In which rooms one is with whom. */
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
      const listed = list.data.people.map(({ account, username, state }) => ({
        username: sanitiseLine(username),
        state,
        you: account === me,
        verified: pins.isVerified(account),
        rooms: shared.get(account) ?? [],
        link: peers.openOf(account)[0]?.carrier ?? null,
        blocked: isBlocked(account),
      }));
      return outcomeOf(response, { people: listed });
    },
    async startPrivate(written, choice) {
      const parsed = usernameSchema.safeParse(written.replace(/^@/, ''));
      if (!parsed.success) {
        return outcome(3, 'INVALID_COMMAND', { message: `${explain(parsed.error)} Use /msg USER.` });
      }
      const username = parsed.data;
      if (foldName(username) === foldName(session.identity?.username ?? '')) {
        const message = 'A private conversation is with somebody else. See /people for who is online.';
        return outcome(3, 'INVALID_COMMAND', { message });
      }
      const response = await ask(username, choice);
      if (!isSuccess(response.status) && !LATER.has(response.phrase)) return refused(response);
      const partner = await partnerOf(username, response);
      if (partner === undefined) {
        return isSuccess(response.status)
          ? unusable('no introduction in it is to be believed')
          : refused(response);
      }
      const conversation = await conversations.openPrivate(partner);
      await conversations.setCurrent(conversation);
      const label = conversations.labelOf(conversation);
      const told = outcomeOf(response, { conversation: label });
      // That both were introduced says nothing to whoever wants to talk; what else the tracker says does.
      const isUsual = told.message === outcome(3, 'PRIVATE_SESSION_INITIATED').message;
      const begun = `You talk to ${label.slice(1)} in private now.${isUsual ? '' : ` ${told.message}`}`;
      const message = isSuccess(told.status) ? begun : told.message;
      if (choice === null) return { ...told, message };
      const carried = await linkActions.chooseFor(conversation, choice);
      return { ...told, message: `${message} ${carried}` };
    },
  };
}
