// Changing the password of the account that is logged in here. Both passwords leave here sealed to the tracker.
import { commandSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { type Answer, makeRequest, type Response, respond } from '../../../core/protocol/envelope.js';
import { sealPasswordChange } from '../../../core/protocol/signed/sealed.js';
import { type AskingParts, whyUnanswered } from '../requests/requests.js';
import { passwordRefusal } from './credentials.js';
import { exchange } from '../requests/exchange.js';

export interface PasswordParts extends AskingParts {
  /** The tracker's public sealing key, 32 bytes. */
  readonly sealingKey: Buffer;
}

// Two passwords' work, each of which may wait for its turn at bcrypt.
const ATTEMPT_MS = 20_000;
const TIMEOUT_MS = 40_000;

/** The tracker's answer, or this terminal's own. */
export async function changePassword(parts: PasswordParts, current: string, next: string): Promise<Response> {
  const { gate, memory, standing, tools, sealingKey } = parts;
  const id = commandIdSchema.parse(tools.ids.next());
  const answerHere = (answer: Answer<1>): Response => respond({ id, connection: 'TCP' }, 1, answer);
  const { identity } = memory;
  if (identity === null) return answerHere({ phrase: 'NOT_LOGGED_IN' });
  const refusal = passwordRefusal(next);
  if (refusal !== null) return answerHere(refusal);
  const { account, device } = identity;
  const sealed = sealPasswordChange({ id, device, at: tools.clock.now(), current, next }, sealingKey);
  const inquiry = {
    role: 'device',
    subject: commandSubject(account, device, 'account'),
    request: makeRequest({ id, title: 'Account', data: { operation: 'PASSWORD', sealed } }),
    attemptMs: ATTEMPT_MS,
    timeoutMs: TIMEOUT_MS,
  } as const;
  const answer = await exchange(gate, inquiry, tools);
  if ('response' in answer) return answer.response;
  const why = whyUnanswered(answer.unanswered, gate, standing);
  const doubt =
    'Which password holds is not known: log in elsewhere with the new one first, then with the old one.';
  return answerHere({ phrase: 'UNAVAILABLE', message: `${why} ${doubt}` });
}
