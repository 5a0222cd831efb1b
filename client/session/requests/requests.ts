// Asking the tracker as the one who is logged in here: what needs no tracker to be answered, and what comes without one.
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
import type { Gate } from '../connection/gate.js';
import type { Memory } from '../auth/identity-store.js';
import type { Standing } from '../connection/state.js';
import type { Tools } from '../tools.js';

export interface AskingParts {
  readonly gate: Gate;
  readonly memory: Memory;
  readonly standing: Standing;
  readonly tools: Tools;
}

export interface AskingOptions {
  readonly connection?: Connection;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
// A tracker that was killed is silent; the same request then goes to its successor.
const ATTEMPT_MS = 2_500;

const TOPICS: Readonly<Partial<Record<Title, CommandTopic>>> = {
  Account: 'account',
  ChatRoom: 'chatroom',
  PRIVATE: 'private',
  People: 'people',
  Sync: 'sync',
};

/** The tracker's answer, or this terminal's own: `NOT_LOGGED_IN`, `INVALID_COMMAND`, `UNAVAILABLE`. */
export async function ask(
  { gate, memory, standing, tools }: AskingParts,
  title: Title,
  data: Json,
  { connection = 'TCP', timeoutMs = TIMEOUT_MS }: AskingOptions = {},
): Promise<Response> {
  const topic = TOPICS[title];
  invariant(topic !== undefined, `${title} is not asked of the tracker by a session's request`);
  const request = makeRequest({ id: commandIdSchema.parse(tools.ids.next()), title, data, connection });
  const { identity } = memory;
  if (identity === null) return respond(request, 1, { phrase: 'NOT_LOGGED_IN' });
  const bytes = Buffer.byteLength(JSON.stringify(request));
  if (bytes > limits.frameMaxBytes) {
    const message = `The request has ${bytes} bytes, and at most ${limits.frameMaxBytes} are allowed. Shorten it.`;
    return respond(request, familyOf(title), { phrase: 'INVALID_COMMAND', message });
  }
  const subject = commandSubject(identity.account, identity.device, topic);
  const inquiry = { role: 'device', subject, request, attemptMs: ATTEMPT_MS, timeoutMs } as const;
  const answer = await exchange(gate, inquiry, tools);
  if ('response' in answer) return answer.response;
  // Logged out meanwhile, here or by the tracker.
  if (memory.identity === null) {
    return respond(request, 1, { phrase: 'NOT_LOGGED_IN', message: memory.whyNobody });
  }
  return respond(request, familyOf(title), {
    phrase: 'UNAVAILABLE',
    message: whyUnanswered(answer.unanswered, gate, standing),
  });
}

/** What a user is told about a request without an answer. */
export function whyUnanswered(unanswered: string, gate: Gate, { state }: Standing): string {
  const isAway = gate.passage === null && !gate.isClosed;
  return isAway
    ? `${state.reason} The terminal goes on trying by itself: wait, then try again.`
    : `${unanswered} Try again in a moment.`;
}
