// Registration, login and logout. Passwords are sealed to the tracker before they are sent.
import { authSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { type Answer, makeRequest, type Response, respond } from '../../../core/protocol/envelope.js';
import { deviceNameOf } from '../../../core/protocol/names.js';
import { sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { isSuccess, statusOf } from '../../../core/protocol/status.js';
import { type RequestParts, sendRequest, whyUnanswered } from '../requests/requests.js';
import { refusalOf } from './credentials.js';
import { learnTime, readGrant } from './grant.js';
import { exchangeSealed } from './sealed-exchange.js';
import type { ConnectionSupervisor } from '../connection/supervisor.js';

export interface LoginParts extends RequestParts {
  readonly supervisor: ConnectionSupervisor;
  /** The tracker's public sealing key, 32 bytes. */
  readonly sealingKey: Buffer;
  readonly deviceName: string;
}

// If an attempt gets no answer, the same request is sent again, because the tracker may have restarted. When many users log in at
// once, the bcrypt queue takes longer than one attempt; the tracker answers a repeated request only once.
const ATTEMPT_MS = 5_000;
const TIMEOUT_MS = 40_000;
/**
 * How long to wait for the connection in the new role. The login or logout is valid even if the wait ends without this
 * connection.
 */
const SETTLE_MS = 10_000;

/** Registers or logs in and stores the granted login. Resolves when the session is online with this login. */
export async function logIn(
  parts: LoginParts,
  title: 'Registration' | 'Login',
  username: string,
  password: string,
): Promise<Response> {
  const { identityStore, stateTracker, gate, supervisor, sealingKey, tools } = parts;
  const deviceName = deviceNameOf(parts.deviceName);
  const id = commandIdSchema.parse(tools.ids.next());
  const { device, identity } = identityStore;
  const answerHere = (answer: Answer<1>): Response => respond({ id, connection: 'TCP' }, 1, answer);
  if (identity !== null) {
    const message = `This terminal belongs to ${identity.username}. Use /logout first, or another --profile.`;
    return answerHere({ phrase: 'ALREADY_LOGGED_IN', message });
  }
  const refusal = refusalOf(title, username, password);
  if (refusal !== null) return answerHere(refusal);

  const [operation, doing] =
    title === 'Login' ? (['login', 'Logging in'] as const) : (['register', 'Registering'] as const);
  const answer = await exchangeSealed(
    gate,
    (requestId, at) => {
      const credentials = { id: requestId, device, at, username, password, deviceName };
      const sealed = sealCredentials(credentials, sealingKey);
      return {
        role: 'guest',
        subject: authSubject(device, operation),
        request: makeRequest({ id: requestId, title, data: { sealed } }),
        attemptMs: ATTEMPT_MS,
        timeoutMs: TIMEOUT_MS,
        onAttempt: () =>
          stateTracker.tell({ type: 'AUTHENTICATION_BEGAN', reason: `${doing} as ${username}.` }),
      };
    },
    tools,
  );
  const refuse = (response: Response): Response => {
    stateTracker.tell({ type: 'AUTHENTICATION_REFUSED', reason: response.message });
    return response;
  };
  const unavailable = (unanswered: string): Response => {
    const why = whyUnanswered(unanswered, gate, stateTracker);
    const doubt =
      title === 'Login'
        ? ''
        : ' If the next attempt finds the name taken, the account may exist already: use /login.';
    return refuse(answerHere({ phrase: 'UNAVAILABLE', message: `${why}${doubt}` }));
  };
  if ('unanswered' in answer) return unavailable(answer.unanswered);
  const { response } = answer;
  if (!isSuccess(response.status)) return refuse(response);
  const grant = readGrant(response, device, tools.clock.now());
  if ('fault' in grant) {
    tools.log.warn({ id: response.id, fault: grant.fault }, 'unreadable grant');
    return unavailable(`The tracker's answer cannot be read (${grant.fault}).`);
  }
  learnTime(tools.trackerClock, response, grant.issuedAt);
  const warning = await identityStore.remember(grant.enrolment);
  supervisor.readmit();
  await gate.opened('device', SETTLE_MS);
  const { account, username: name } = grant.enrolment;
  return {
    ...response,
    message: [response.message, warning].filter(Boolean).join(' '),
    // The answer omits the credentials, because neither a face nor the log may receive them.
    data: { account, username: name, device },
  };
}

/**
 * Removes the device at the tracker, then the login and the key in this profile. If the tracker does not answer, nothing changes.
 */
export async function logOut(parts: LoginParts): Promise<Response> {
  const { identityStore, supervisor, gate } = parts;
  const { identity } = identityStore;
  const response = await sendRequest(parts, 'Account', { operation: 'LOGOUT' });
  if (identity === null) return response;
  const isForgotten = isSuccess(response.status) || response.phrase === 'NOT_ENROLLED';
  if (isForgotten && identityStore.identity !== null)
    await supervisor.forget(`${identity.username} is logged out.`);
  if (identityStore.identity !== null) return response;
  await gate.opened('guest', SETTLE_MS);
  // If the answer is not a success, it was lost with the connection; the renewal has found that the device was removed, so report
  // success.
  const { code: status, phrase, meaning: message } = statusOf(1, 'LOGOUT_SUCCESSFUL');
  return isSuccess(response.status) ? response : { ...response, status, phrase, message };
}
