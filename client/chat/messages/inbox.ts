// Takes what comes over links: judges each message, stores it once, shows it, and answers. Everything is hostile here.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../../core/errors.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import type { Answer } from '../../../core/protocol/envelope.js';
import {
  explain,
  type Request,
  type Response,
  respond,
  type Unreadable,
} from '../../../core/protocol/envelope.js';
import { type Message, messageSchema } from '../../../core/protocol/message/message.js';
import { type Proof, proofSchema } from '../../../core/protocol/message/proof.js';
import { type Judgement, judge } from './validation.js';
import { clean } from './sanitise.js';
import { readFrame, writeFrame } from './wire.js';
import { createDeferredQueues } from './deferred.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { Receive } from './store-received.js';
import type { Rooms } from '../rooms/rooms.js';

export interface InboxParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly receive: Receive;
  readonly rooms: Rooms;
  readonly peers: Pick<Peers, 'send'>;
  /** Fetches what was missed from the tracker; false if it cannot be asked now. */
  readonly sync: () => Promise<boolean>;
  readonly onAnswer: (peer: Peer, response: Response) => Promise<void>;
  /** What is asked of the past. */
  readonly onHistory: (peer: Peer, request: Request) => Promise<Answer<4>>;
  /** What is said of who is there. */
  readonly onPeople: (peer: Peer, data: unknown) => Answer<3>;
  /** A message has been stored. */
  readonly onStored: (message: Message) => void;
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

interface Said {
  readonly peer: Peer;
  readonly request: Request;
  readonly message: Message;
  readonly proof: Proof | null;
}

/** What is no proof is as none: its author's word is good over this link, and nobody else will have to believe it. */
const provenSchema = z.object({ proof: proofSchema.nullable().catch(null).default(null) });

export function createInbox(parts: InboxParts): Inbox {
  const { rooms, log } = parts;
  const deferred = createDeferredQueues<Said>(PLACES);

  function answer(
    peer: Peer,
    request: Pick<Request, 'id' | 'connection'> | Unreadable,
    how: Answer<4>,
  ): void {
    reply(peer, respond(request, 4, how));
  }

  function reply(peer: Peer, response: Response): void {
    const sent = parts.peers.send(peer.device, writeFrame(response));
    if (sent !== 'taken') log.warn({ device: peer.device, sent }, 'an answer was not taken by the link');
  }

  function judgeNow({ peer, message }: Said): Judgement {
    const me = parts.me();
    if (me === null) return { verdict: 'behind' };
    return judge(message, { me, sender: peer, room: rooms.get(message.conversation) });
  }

  /** False if the tracker has to be asked first. */
  async function decide(said: Said): Promise<boolean> {
    if (parts.isBlocked(said.peer.account)) return true;
    const judgement = judgeNow(said);
    if (judgement.verdict === 'accepted') await accept(said);
    if (judgement.verdict === 'refused') answer(said.peer, said.request, judgement);
    return judgement.verdict !== 'behind';
  }

  async function accept({ peer, request, message, proof }: Said): Promise<void> {
    try {
      const received = await parts.receive(message, proof, peer.carrier);
      if (received.outcome === 'contradicted') {
        answer(peer, request, { phrase: 'NUMBER_TAKEN' });
        return;
      }
      if (received.outcome === 'stored') {
        received.show();
        parts.onStored(message);
      }
      answer(peer, request, { phrase: 'MESSAGE_SENT', data: { id: received.id } });
    } catch (error) {
      log.error({ error, device: peer.device }, 'a message cannot be stored');
      const reason = `The terminal cannot store the message now: ${messageOf(error)}`;
      answer(peer, request, { phrase: 'UNAVAILABLE', message: reason });
    }
  }

  async function take(peer: Peer, request: Request): Promise<void> {
    // Their link is about to close. An answer would tell more than that nobody is there.
    if (parts.isBlocked(peer.account)) return;
    if (request.title === 'History') {
      answer(peer, request, await parts.onHistory(peer, request));
      return;
    }
    if (request.title === 'People') {
      reply(peer, respond(request, 3, parts.onPeople(peer, request.data)));
      return;
    }
    if (request.title !== 'MESSAGE') {
      answer(peer, request, {
        phrase: 'INVALID_COMMAND',
        message: 'Over a link only MESSAGE, History and People are understood.',
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
    const { proof } = provenSchema.parse(request.data);
    // What had to be cleaned is not what was signed.
    const isAsSigned = parsed.success && isDeepStrictEqual(parsed.data, cleaned);
    const said = { peer, request, message: cleaned, proof: isAsSigned ? proof : null };
    const queue = `${peer.device} ${cleaned.conversation}`;
    if (!deferred.holds(queue) && (await decide(said))) return;
    if (!deferred.park(queue, said)) {
      log.warn({ device: peer.device }, 'too many messages wait to be judged; this one has to come again');
      return;
    }
    // Only what is said in the same conversation has to wait behind it.
    void clear(queue);
  }

  async function clear(queue: string): Promise<void> {
    try {
      await deferred.empty(queue, decideAtLast);
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
      await Promise.all(deferred.queues().map(clear));
    },
  };
}
