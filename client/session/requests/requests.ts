// Requests to the tracker for the account that is logged in, and the answers that this terminal gives itself if no answer of the
// tracker comes.
import { type CommandTopic, commandSubject } from '../../../core/bus/subjects.js';
import { invariant } from '../../../core/errors.js';
import { commandIdSchema } from '../../../core/ids.js';
import type { Json } from '../../../core/json.js';
import {
  type Connection,
  familyOf,
  makeRequest,
  type Response,
  respond,
  type Title,
} from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import { exchange } from './exchange.js';
import type { ConnectionGate } from '../connection/gate.js';
import type { IdentityStore } from '../auth/identity-store.js';
import type { StateTracker } from '../connection/state.js';
import type { Tools } from '../tools.js';

export interface RequestParts {
  readonly gate: ConnectionGate;
  readonly identityStore: IdentityStore;
  readonly stateTracker: StateTracker;
  readonly tools: Tools;
}

export interface RequestOptions {
  readonly connection?: Connection;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
// If an attempt gets no answer, the same request is sent again, because the tracker may have restarted.
const ATTEMPT_MS = 2_500;

const TOPICS: Readonly<Partial<Record<Title, CommandTopic>>> = {
  Account: 'account',
  ChatRoom: 'chatroom',
  PRIVATE: 'private',
  People: 'people',
  Sync: 'sync',
};

/**
 * Resolves with the tracker's answer, or with an answer that this terminal makes itself: `NOT_LOGGED_IN`, `INVALID_COMMAND` or
 * `UNAVAILABLE`.
 */
export async function sendRequest(
  { gate, identityStore, stateTracker, tools }: RequestParts,
  title: Title,
  data: Json,
  { connection = 'TCP', timeoutMs = TIMEOUT_MS }: RequestOptions = {},
): Promise<Response> {
  const topic = TOPICS[title];
  invariant(topic !== undefined, `${title} is not asked of the tracker by a session's request`);
  const request = makeRequest({ id: commandIdSchema.parse(tools.ids.next()), title, data, connection });
  const { identity } = identityStore;
  if (identity === null) return respond(request, 1, { phrase: 'NOT_LOGGED_IN' });
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes > limits.frameMaxBytes) {
    const message = `The request has ${bytes} bytes, and at most ${limits.frameMaxBytes} are allowed. Shorten it.`;
    return respond(request, familyOf(title), { phrase: 'INVALID_COMMAND', message });
  }
  const subject = commandSubject(identity.account, identity.device, topic);
  const retriedRequest = { role: 'device', subject, request, attemptMs: ATTEMPT_MS, timeoutMs } as const;
  const answer = await exchange(gate, retriedRequest, tools);
  if ('response' in answer) return answer.response;
  // The user or the tracker has ended the login while the request waited.
  if (identityStore.identity === null) {
    return respond(request, 1, { phrase: 'NOT_LOGGED_IN', message: identityStore.whyNobody });
  }
  return respond(request, familyOf(title), {
    phrase: 'UNAVAILABLE',
    message: whyUnanswered(answer.unanswered, gate, stateTracker),
  });
}

/** The sentence that a user reads about a request without an answer. */
export function whyUnanswered(unanswered: string, gate: ConnectionGate, { state }: StateTracker): string {
  const isAway = gate.route === null && !gate.isClosed;
  return isAway
    ? `${state.reason} The terminal keeps trying to connect. Wait, then try again.`
    : `${unanswered} Try again in a moment.`;
}
