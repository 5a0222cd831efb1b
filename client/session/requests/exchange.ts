// The exchange of one request and its answer. It resends the request with the same id until the deadline.
import type { Bus } from '../../../core/bus/bus.js';
import { BusError, type BusFailure } from '../../../core/bus/connection/failure.js';
import type { Log } from '../../../core/log.js';
import { explain, type Request, type Response, responseSchema } from '../../../core/protocol/envelope.js';
import { addressesOf } from '../../../core/protocol/hop.js';
import { parseJson } from '../../../core/protocol/signed/signed.js';
import { createBackoff } from '../../../core/time/backoff.js';
import type { ConnectionGate, Role } from '../connection/gate.js';
import { RETRY_DELAYS, type Tools } from '../tools.js';

export interface SingleAttempt {
  readonly subject: string;
  readonly request: Request;
  /** How long one attempt waits for its answer, milliseconds. */
  readonly attemptMs: number;
}

export interface RetriedRequest extends SingleAttempt {
  /** The identity that sends the request. */
  readonly role: Role;
  /** How long all attempts may take together, milliseconds. */
  readonly timeoutMs: number;
  /** Called before each attempt. */
  readonly onAttempt?: () => void;
}

/** The answer, or a sentence that says why no answer came. */
export type Exchange = { readonly response: Response } | { readonly unanswered: string };

type Attempt = Exchange | { readonly failure: BusFailure };

const REASONS: Readonly<Record<BusFailure, string>> = {
  timeout: 'The tracker does not answer.',
  'no-responders': 'The tracker is not running or is just starting.',
  disconnected: 'The connection to the broker is interrupted.',
  denied: 'The broker does not permit this request.',
  'too-large': 'The request is too large for the broker.',
  untrusted: "The server is not the broker of this terminal's invite.",
  unauthorized: "The broker does not accept this terminal's credentials.",
};

/** Whether a retry is useless. */
const isFinal = (failure: BusFailure): boolean => failure === 'denied' || failure === 'too-large';

export const reasonOf = (failure: BusFailure): string => REASONS[failure];

/** Sends the request through `gate`, and waits while the gate is shut. */
export async function exchange(
  gate: ConnectionGate,
  retriedRequest: RetriedRequest,
  tools: Tools,
): Promise<Exchange> {
  const { steadyClock, random } = tools;
  const deadline = steadyClock.now() + retriedRequest.timeoutMs;
  const backoff = createBackoff({ ...RETRY_DELAYS, jitter: random });
  let unanswered = 'This terminal is not connected to its tracker.';
  for (;;) {
    const leftMs = deadline - steadyClock.now();
    if (leftMs <= 0) return { unanswered };
    if (gate.isClosed) return { unanswered: 'This terminal is closing.' };
    const { route } = gate;
    if (route === null) {
      await gate.changed(leftMs);
      continue;
    }
    if (route.role !== retriedRequest.role) {
      return { unanswered: `The login of this terminal has changed.` };
    }
    retriedRequest.onAttempt?.();
    const attemptMs = Math.min(retriedRequest.attemptMs, leftMs);
    const attempt = await attemptOnce(route.bus, { ...retriedRequest, attemptMs }, tools);
    if (!('failure' in attempt)) return attempt;
    unanswered = reasonOf(attempt.failure);
    if (isFinal(attempt.failure)) return { unanswered };
    // The wait ends early when the gate opens or shuts.
    await gate.changed(Math.min(backoff.next(), deadline - steadyClock.now()));
  }
}

/** Makes one attempt over one connection. */
export async function attemptOnce(
  bus: Bus,
  { subject, request, attemptMs }: SingleAttempt,
  { trackerClock, log }: Pick<Tools, 'trackerClock' | 'log'>,
): Promise<Attempt> {
  try {
    const payload = Buffer.from(JSON.stringify({ ...request, ...addressesOf(bus.ends) }));
    const measured = trackerClock.measure();
    const answer = read(await bus.request(subject, payload, { timeoutMs: attemptMs }), request, log);
    if ('response' in answer) measured(answer.response.at);
    return answer;
  } catch (error) {
    if (error instanceof BusError) return { failure: error.kind };
    throw error;
  }
}

function read(data: Uint8Array, request: Request, log: Log): Exchange {
  const parsed = responseSchema.safeParse(parseJson(Buffer.from(data).toString()));
  if (parsed.success && parsed.data.id === request.id) return { response: parsed.data };
  const fault = parsed.success ? 'it belongs to another request' : explain(parsed.error);
  log.warn({ title: request.title, id: request.id, bytes: data.length, fault }, 'unreadable answer');
  return { unanswered: `The tracker's answer cannot be read (${fault}).` };
}
