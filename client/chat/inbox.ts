// Takes what comes over links: judges each message, stores it once, shows it, and answers. Everything is hostile here.

import { messageOf } from '../../core/errors.js';
import type { AccountId } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { Answer } from '../../core/protocol/envelope.js';
import {
  explain,
  type Request,
  type Response,
  respond,
  type Unreadable,
} from '../../core/protocol/envelope.js';
import { type HybridClock, millisecondsOf } from '../../core/protocol/hlc.js';
import { type Message, messageId, messageSchema, partiesOf } from '../../core/protocol/message.js';
import type { History } from '../history/port.js';
import { type Judgement, judge } from './acceptance.js';
import type { Attention } from './attention.js';
import { clean } from './cleaning.js';
import type { Conversations } from './conversations.js';
import { readFrame, writeFrame } from './frames.js';
import { createParking } from './parking.js';
import type { Peer, Peers, Tell } from './peers.js';
import type { People } from './people.js';
import type { Rooms } from './rooms.js';

export interface InboxParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly history: History;
  readonly attention: Pick<Attention, 'regard' | 'took'>;
  readonly rooms: Rooms;
  readonly people: People;
  readonly conversations: Conversations;
  readonly hybridClock: HybridClock;
  readonly peers: Pick<Peers, 'send'>;
  /** Fetches what was missed from the tracker; false if it cannot be asked now. */
  readonly sync: () => Promise<boolean>;
  readonly onAnswer: (peer: Peer, response: Response) => Promise<void>;
  readonly tell: Tell;
  readonly log: Log;
}

export interface Inbox {
  /** Resolves when the payload has been dealt with, or put aside until the tracker has been asked. */
  receive(peer: Peer, payload: Buffer): Promise<void>;
  /** Judges anew what was put aside while the tracker could not be asked. */
  review(): Promise<void>;
}

/** Messages that may wait to be judged, of all peers together. */
const PLACES = 1_024;

type Said = { readonly peer: Peer; readonly request: Request; readonly message: Message };

export function createInbox(parts: InboxParts): Inbox {
  const { history, attention, rooms, people, conversations, tell, log } = parts;
  const parking = createParking<Said>(PLACES);

  function answer(
    peer: Peer,
    request: Pick<Request, 'id' | 'connection'> | Unreadable,
    how: Answer<4>,
  ): void {
    const sent = parts.peers.send(peer.device, writeFrame(respond(request, 4, how)));
    if (sent !== 'taken') log.warn({ device: peer.device, sent }, 'an answer was not taken by the link');
  }

  function judgeNow({ peer, message }: Said): Judgement {
    const me = parts.me();
    if (me === null) return { verdict: 'behind' };
    return judge(message, { me, sender: peer, room: rooms.get(message.conversation) });
  }

  /** False if the tracker has to be asked first. */
  async function decide(said: Said): Promise<boolean> {
    const judgement = judgeNow(said);
    if (judgement.verdict === 'accepted') await accept(said);
    if (judgement.verdict === 'refused') answer(said.peer, said.request, judgement);
    return judgement.verdict !== 'behind';
  }

  async function accept({ peer, request, message }: Said): Promise<void> {
    try {
      parts.hybridClock.observe(message.hlc);
      const partner = partiesOf(message.conversation)?.find((party) => party !== parts.me());
      if (partner !== undefined) await conversations.openPrivate(partner);
      const regard = attention.regard(message);
      if ((await history.store(message, regard.mark)) === 'stored') {
        show(peer, message);
        attention.took(message, regard);
      }
      answer(peer, request, { phrase: 'MESSAGE_SENT', data: { id: messageId(message) } });
    } catch (error) {
      log.error({ error, device: peer.device }, 'a message cannot be stored');
      const reason = `The terminal cannot store the message now: ${messageOf(error)}`;
      answer(peer, request, { phrase: 'UNAVAILABLE', message: reason });
    }
  }

  function show(peer: Peer, message: Message): void {
    const { conversation, account, text, spans, hlc } = message;
    tell('message', {
      conversation: conversations.labelOf(conversation),
      from: people.nameOf(account),
      id: messageId(message),
      text,
      spans,
      link: peer.carrier,
      at: millisecondsOf(hlc),
    });
  }

  async function take(peer: Peer, request: Request): Promise<void> {
    // Their link is about to close. An answer would tell more than that nobody is there.
    if (parts.isBlocked(peer.account)) return;
    if (request.title !== 'MESSAGE') {
      answer(peer, request, {
        phrase: 'INVALID_COMMAND',
        message: 'Over a link only MESSAGE is understood.',
      });
      return;
    }
    const parsed = messageSchema.safeParse(request.data);
    const cleaned = parsed.success ? clean(parsed.data) : null;
    if (cleaned === null) {
      const fault = parsed.success ? 'nothing of its text can be shown.' : explain(parsed.error);
      answer(peer, request, { phrase: 'INVALID_FORMAT', message: `The message cannot be read: ${fault}` });
      return;
    }
    const said = { peer, request, message: cleaned };
    const lot = `${peer.device} ${cleaned.conversation}`;
    if (!parking.holds(lot) && (await decide(said))) return;
    if (!parking.park(lot, said)) {
      log.warn({ device: peer.device }, 'too many messages wait to be judged; this one has to come again');
      return;
    }
    // Only what is said in the same conversation has to wait behind it.
    void clear(lot);
  }

  async function clear(lot: string): Promise<void> {
    try {
      await parking.empty(lot, decideAtLast);
    } catch (error) {
      log.error({ error }, 'messages that waited cannot be judged');
    }
  }

  /** False while the tracker cannot be asked. What is ahead of the tracker itself is refused. */
  async function decideAtLast(said: Said): Promise<boolean> {
    if (await decide(said)) return true;
    if (!(await parts.sync())) return false;
    if (!(await decide(said))) {
      const message = 'The room is not known here as its author claims to know it.';
      answer(said.peer, said.request, { phrase: 'NOT_A_RECIPIENT', message });
    }
    return true;
  }

  return {
    async receive(peer, payload) {
      const frame = readFrame(payload);
      switch (frame.kind) {
        case 'request':
          return take(peer, frame.request);
        case 'response':
          return parts.onAnswer(peer, frame.response);
        case 'unreadable':
          return answer(peer, frame.unreadable, frame.unreadable);
        case 'noise':
          log.warn({ device: peer.device, reason: frame.reason }, 'a payload cannot be read');
      }
    },
    async review() {
      await Promise.all(parking.lots().map(clear));
    },
  };
}
