// The password change of the account that is logged in. Both passwords are sealed to the tracker before they are sent.
import { commandSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { type Answer, makeRequest, type Response, respond } from '../../../core/protocol/envelope.js';
import { sealPasswordChange } from '../../../core/protocol/signed/sealed.js';
import { type RequestParts, whyUnanswered } from '../requests/requests.js';
import { newPasswordRefusal } from './credentials.js';
import { exchangeSealed } from './sealed-exchange.js';

export interface PasswordParts extends RequestParts {
  /** The tracker's public sealing key, 32 bytes. */
  readonly sealingKey: Buffer;
}

// The tracker hashes two passwords, and each may wait in the bcrypt queue.
const ATTEMPT_MS = 20_000;
const TIMEOUT_MS = 40_000;

/** Resolves with the tracker's answer, or with a refusal that this terminal makes itself. */
export async function changePassword(parts: PasswordParts, current: string, next: string): Promise<Response> {
  const { gate, identityStore, stateTracker, tools, sealingKey } = parts;
  const id = commandIdSchema.parse(tools.ids.next());
  const answerHere = (answer: Answer<1>): Response => respond({ id, connection: 'TCP' }, 1, answer);
  const { identity } = identityStore;
  if (identity === null) return answerHere({ phrase: 'NOT_LOGGED_IN' });
  const refusal = newPasswordRefusal(next);
  if (refusal !== null) return answerHere(refusal);
  const { account, device } = identity;
  const answer = await exchangeSealed(
    gate,
    (requestId, at) => {
      const sealed = sealPasswordChange({ id: requestId, device, at, current, next }, sealingKey);
      return {
        role: 'device',
        subject: commandSubject(account, device, 'account'),
        request: makeRequest({ id: requestId, title: 'Account', data: { operation: 'PASSWORD', sealed } }),
        attemptMs: ATTEMPT_MS,
        timeoutMs: TIMEOUT_MS,
      };
    },
    tools,
  );
  if ('response' in answer) return answer.response;
  const why = whyUnanswered(answer.unanswered, gate, stateTracker);
  const doubt =
    'It is unclear whether the password was changed. At the next login try the new password first, then the old one.';
  return answerHere({ phrase: 'UNAVAILABLE', message: `${why} ${doubt}` });
}
