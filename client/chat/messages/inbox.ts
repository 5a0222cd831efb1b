// The inbox: reads what arrives over links, judges each message, has it stored and shown once, and answers. It treats everything
// that arrives as hostile. It passes other requests to their handlers, and answers to the subscribers of its events.
import { z } from 'zod';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import { messageOf } from '../../../core/errors.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import {
  type Answer,
  explain,
  type Request,
  type Response,
  respond,
  type Unreadable,
} from '../../../core/protocol/envelope.js';
import { type Message, messageSchema } from '../../../core/protocol/message/message.js';
import { type Proof, proofSchema } from '../../../core/protocol/message/proof.js';
import type { Peer, Peers } from '../peers/peers.js';
import type { Rooms } from '../rooms/rooms.js';
import { createDeviceProofCheck } from '../trust/device-key.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import { createDeferredQueues } from './deferred.js';
import type { Future } from './dating/future.js';
import type { ReportForgery } from './report-forgery.js';
import { proofToStore, sanitiseMessage } from './sanitise.js';
import type { StoreReceived } from './store-received.js';
import { type Judgement, judge } from './validation.js';
import { readFrame } from '../peers/wire.js';

export interface InboxParts {
  readonly me: () => AccountId | null;
  readonly isBlocked: (account: AccountId) => boolean;
  readonly storeReceived: StoreReceived;
  readonly reportForgery: ReportForgery;
  readonly rooms: Pick<Rooms, 'get'>;
  readonly peers: Pick<Peers, 'events' | 'send'>;
  readonly trackerSync: Pick<TrackerSync, 'sync'>;
  readonly future: Future;
  readonly log: Log;
}

export interface InboxEvents {
  /** A message that came over its author's own link was stored and shown. */
  stored: Message;
  /** A peer answered a request. */
  answer: { readonly peer: Peer; readonly response: Response };
}

type HistoryHandler = (peer: Peer, request: Request) => Promise<Answer<4>>;
type PeopleHandler = (peer: Peer, data: unknown) => Answer<3>;

export interface Inbox {
  readonly events: Subscribable<InboxEvents>;
  /** Sets the handler of requests titled `History`. Without a handler they are refused. */
  onHistory(handler: HistoryHandler): void;
  /** Sets the handler of requests titled `People`. Without a handler they are refused. */
  onPeople(handler: PeopleHandler): void;
  /** Judges again what was deferred while the tracker could not be asked. */
  review(): Promise<void>;
}

/** The maximum number of deferred messages of all peers together. */
const PLACES = 1_024;

interface Incoming {
  readonly peer: Peer;
  readonly request: Request;
  readonly message: Message;
  readonly proof: Proof | null;
  /** Whether the proof fits the message as it arrived; null without a proof. */
  readonly isSigned: boolean | null;
  /**
   * Whether the author says that another recipient already has the message. Its number and timestamp can then no longer change.
   */
  readonly isTaken: boolean;
}

/** Older terminals send no proof. An unreadable proof counts as a wrong signature. */
const provenSchema = z.object({
  proof: z
    .union([proofSchema, z.null(), z.literal('unreadable')])
    .catch('unreadable')
    .default(null),
});

/** Older terminals send no `isTaken`. */
const takenSchema = z.object({ isTaken: z.boolean().catch(false).default(false) });

const UNSUPPORTED = {
  phrase: 'INVALID_COMMAND',
  message: 'A link supports only requests with the titles MESSAGE, History and People.',
} as const;

export function createInbox(parts: InboxParts): Inbox {
  const { rooms, peers, trackerSync, future, storeReceived, reportForgery, log } = parts;
  const events = createEmitter<InboxEvents>();
  const deferred = createDeferredQueues<Incoming>(PLACES);
  const isProven = createDeviceProofCheck();
  let handleHistory: HistoryHandler | null = null;
  let handlePeople: PeopleHandler | null = null;

  function answer(
    peer: Peer,
    request: Pick<Request, 'id' | 'connection'> | Unreadable,
    how: Answer<4>,
  ): void {
    reply(peer, respond(request, 4, how));
  }

  function reply(peer: Peer, response: Response): void {
    const sent = peers.send(peer.device, response);
    if (sent !== 'taken') log.warn({ device: peer.device, sent }, 'the link did not take an answer');
  }

  function judgeNow({ peer, message, isSigned }: Incoming, hasSynced: boolean): Judgement {
    const me = parts.me();
    if (me === null) return { verdict: 'behind' };
    const { conversation } = message;
    const from = { bearer: peer, owner: peer.account, isPassedOn: false, isSigned };
    return judge(message, { me, ...from, room: rooms.get(conversation), hasSynced });
  }

  /**
   * Judges the message and answers its sender. Resolves with false if the tracker has to be asked first. Rejects if the tracker's
   * answer cannot be stored.
   */
  async function decide(incoming: Incoming, hasSynced: boolean): Promise<boolean> {
    if (parts.isBlocked(incoming.peer.account)) return true;
    const judgement = judgeNow(incoming, hasSynced);
    switch (judgement.verdict) {
      case 'accepted':
        await acceptDated(incoming);
        return true;
      case 'forged':
        reportForgery(incoming.peer, 'sent', 'its signature does not match its text');
        answer(incoming.peer, incoming.request, { phrase: judgement.phrase });
        return true;
      case 'refused':
        answer(incoming.peer, incoming.request, judgement);
        return true;
      case 'behind':
        return false;
    }
  }

  /** Runs `decide` before the tracker is asked. If it fails, the answer makes the author send the message again. */
  async function isDecided(incoming: Incoming): Promise<boolean> {
    try {
      return await decide(incoming, false);
    } catch (error) {
      log.error({ error, device: incoming.peer.device }, 'a message cannot be judged');
      const message = `The terminal cannot check the message now: ${messageOf(error)}`;
      answer(incoming.peer, incoming.request, { phrase: 'UNAVAILABLE', message });
      return true;
    }
  }

  /** Runs `decide` and, if need be, again after a sync with the tracker. Resolves with false if the sync fails. */
  async function decideAfterSync(incoming: Incoming): Promise<boolean> {
    if (await decide(incoming, false)) return true;
    if (!(await trackerSync.sync())) return false;
    if (!(await decide(incoming, true))) {
      const message = 'The tracker does not list the room of the message among the rooms of this account.';
      answer(incoming.peer, incoming.request, { phrase: 'NOT_A_RECIPIENT', message });
    }
    return true;
  }

  /** Accepts the message unless it is dated in the future and its author can still give it another timestamp. */
  async function acceptDated(incoming: Incoming): Promise<void> {
    const { hlc } = incoming.message;
    if (incoming.isTaken || !future.seems(hlc) || !(await future.isConfirmed(hlc))) return accept(incoming);
    answer(incoming.peer, incoming.request, future.refusal(hlc));
  }

  async function accept({ peer, request, message, proof }: Incoming): Promise<void> {
    try {
      const received = await storeReceived(message, proof, peer.carrier);
      if (received.outcome === 'contradicted') {
        answer(peer, request, { phrase: 'NUMBER_TAKEN' });
        return;
      }
      if (received.outcome === 'stored') {
        received.show();
        await events.emit('stored', message);
      }
      answer(peer, request, { phrase: 'MESSAGE_SENT', data: { id: received.id } });
    } catch (error) {
      log.error({ error, device: peer.device }, 'a message cannot be stored');
      const reason = `The terminal cannot store the message now: ${messageOf(error)}`;
      answer(peer, request, { phrase: 'UNAVAILABLE', message: reason });
    }
  }

  async function handle(peer: Peer, request: Request): Promise<void> {
    // The link is about to close. An answer would reveal more than silence.
    if (parts.isBlocked(peer.account)) return;
    if (request.title === 'MESSAGE') return handleMessage(peer, request);
    if (request.title === 'History' && handleHistory !== null) {
      return answer(peer, request, await handleHistory(peer, request));
    }
    if (request.title === 'People' && handlePeople !== null) {
      return reply(peer, respond(request, 3, handlePeople(peer, request.data)));
    }
    answer(peer, request, UNSUPPORTED);
  }

  async function handleMessage(peer: Peer, request: Request): Promise<void> {
    const parsed = messageSchema.safeParse(request.data);
    const message = parsed.success ? sanitiseMessage(parsed.data) : null;
    if (!parsed.success || message === null) {
      const fault = parsed.success ? 'its text has no visible character.' : explain(parsed.error);
      answer(peer, request, { phrase: 'INVALID_FORMAT', message: `The message cannot be read: ${fault}` });
      return;
    }
    const { isTaken } = takenSchema.parse(request.data);
    const incoming = { peer, request, message, isTaken, ...proofOf(request.data, parsed.data, message) };
    const key = `${peer.device} ${message.conversation}`;
    if (!deferred.has(key) && (await isDecided(incoming))) return;
    if (!deferred.defer(key, incoming)) {
      log.warn({ device: peer.device }, 'too many messages are deferred; the peer sends this one again');
      const message = "The terminal waits for the tracker's list of members and can hold no more messages.";
      return answer(peer, request, { phrase: 'UNAVAILABLE', message });
    }
    // A deferred message delays only messages of the same device in the same conversation.
    void retry(key);
  }

  function proofOf(data: unknown, received: Message, shown: Message): Pick<Incoming, 'proof' | 'isSigned'> {
    const { proof } = provenSchema.parse(data);
    if (proof === null) return { proof: null, isSigned: null };
    if (proof === 'unreadable') return { proof: null, isSigned: false };
    const isSigned = isProven(received, proof);
    return { proof: proofToStore(received, shown, proof), isSigned };
  }

  async function retry(key: string): Promise<void> {
    try {
      await deferred.retry(key, decideAfterSync);
    } catch (error) {
      log.error({ error }, 'deferred messages cannot be judged');
    }
  }

  peers.events.on('payload', async ({ peer, payload }) => {
    const frame = readFrame(payload);
    switch (frame.kind) {
      case 'request':
        return handle(peer, frame.request);
      case 'response':
        return events.emit('answer', { peer, response: frame.response });
      case 'unreadable':
        return answer(peer, frame.unreadable, frame.unreadable);
      case 'noise':
        log.warn({ device: peer.device, reason: frame.reason }, 'a payload cannot be read');
    }
  });

  return {
    events,
    onHistory(handler) {
      handleHistory = handler;
    },
    onPeople(handler) {
      handlePeople = handler;
    },
    async review() {
      await Promise.all(deferred.keys().map(retry));
    },
  };
}
