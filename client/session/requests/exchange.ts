// One request and its answer: sent again, with the same id, for as long as it may be answered. Knows no session state.
import type { Bus } from '../../../core/bus/bus.js';
import { BusError, type BusFailure } from '../../../core/bus/connection/failure.js';
import type { Log } from '../../../core/log.js';
import { explain, type Request, type Response, responseSchema } from '../../../core/protocol/envelope.js';
import { parseJson } from '../../../core/protocol/signed/signed.js';
import { createBackoff } from '../connection/backoff.js';
import type { Gate, Role } from '../connection/gate.js';
import type { Tools } from '../tools.js';

export interface Question {
  readonly subject: string;
  readonly request: Request;
  /** How long one attempt waits for its answer, milliseconds. */
  readonly attemptMs: number;
}

export interface Inquiry extends Question {
  /** As whom to ask. */
  readonly role: Role;
  /** How long all attempts may take together, milliseconds. */
  readonly timeoutMs: number;
  /** Called before each attempt. */
  readonly onAttempt?: () => void;
}

/** An answer; or, as a sentence, why there is none. */
export type Exchange = { readonly response: Response } | { readonly unanswered: string };

type Attempt = Exchange | { readonly failure: BusFailure };

const REASONS: Readonly<Record<BusFailure, string>> = {
  timeout: 'The tracker does not answer.',
  'no-responders': 'The tracker is not running, or is just starting.',
  disconnected: 'The connection to the broker is interrupted.',
  denied: 'The broker does not let this terminal ask that.',
  'too-large': 'The request is too large for the broker.',
  untrusted: "The broker does not prove to be the one of this terminal's invite.",
  unauthorized: "The broker does not accept this terminal's credentials.",
};

/** Asking again does not help. */
const isFinal = (failure: BusFailure): boolean => failure === 'denied' || failure === 'too-large';

export const reasonOf = (failure: BusFailure): string => REASONS[failure];

/** Asks through `gate`, which it waits for while it is shut. */
export async function exchange(
  gate: Gate,
  inquiry: Inquiry,
  { clock, random, log }: Tools,
): Promise<Exchange> {
  const deadline = clock.now() + inquiry.timeoutMs;
  const backoff = createBackoff(random);
  let unanswered = 'This terminal is not connected to its tracker.';
  for (;;) {
    const leftMs = deadline - clock.now();
    if (leftMs <= 0) return { unanswered };
    if (gate.isClosed) return { unanswered: 'This terminal is closing.' };
    const { passage } = gate;
    if (passage === null) {
      await gate.change(leftMs);
      continue;
    }
    if (passage.role !== inquiry.role) {
      return { unanswered: `This terminal is connected as a ${passage.role} now.` };
    }
    inquiry.onAttempt?.();
    const attemptMs = Math.min(inquiry.attemptMs, leftMs);
    const attempt = await attemptOnce(passage.bus, { ...inquiry, attemptMs }, log);
    if (!('failure' in attempt)) return attempt;
    unanswered = reasonOf(attempt.failure);
    if (isFinal(attempt.failure)) return { unanswered };
    // A gate that shuts or opens meanwhile ends the wait.
    await gate.change(Math.min(backoff.next(), deadline - clock.now()));
  }
}

/** One attempt over one connection. */
export async function attemptOnce(
  bus: Bus,
  { subject, request, attemptMs }: Question,
  log: Log,
): Promise<Attempt> {
  try {
    const payload = Buffer.from(JSON.stringify(request));
    return read(await bus.request(subject, payload, { timeoutMs: attemptMs }), request, log);
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
