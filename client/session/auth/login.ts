// Registering, logging in and out: what changes who this terminal is. Passwords leave here sealed to the tracker.
import { authSubject } from '../../../core/bus/subjects.js';
import { commandIdSchema } from '../../../core/ids.js';
import { type Answer, makeRequest, type Response, respond } from '../../../core/protocol/envelope.js';
import { deviceNameOf } from '../../../core/protocol/names.js';
import { sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { isSuccess, statusOf } from '../../../core/protocol/status.js';
import { type AskingParts, ask, whyUnanswered } from '../requests/requests.js';
import { refusalOf } from './credentials.js';
import { exchange } from '../requests/exchange.js';
import type { Gate, Role } from '../connection/gate.js';
import { readGrant } from './grant.js';
import type { Keeper } from '../connection/supervisor.js';
import type { Tools } from '../tools.js';

export interface LoginParts extends AskingParts {
  readonly keeper: Keeper;
  /** The tracker's public sealing key, 32 bytes. */
  readonly sealingKey: Buffer;
  readonly deviceName: string;
}

// A tracker that was killed is silent; the same request then goes to its successor. Where many log in at once each waits
// longer than this for its turn at bcrypt: a tracker that has the request in hand answers it once.
const ATTEMPT_MS = 5_000;
const TIMEOUT_MS = 40_000;
const SETTLE_MS = 10_000;

/** Registers or logs in, stores what the tracker grants, and resolves when the session is online with it. */
export async function logIn(
  parts: LoginParts,
  title: 'Registration' | 'Login',
  username: string,
  password: string,
): Promise<Response> {
  const { memory, standing, gate, keeper, sealingKey, tools } = parts;
  const deviceName = deviceNameOf(parts.deviceName);
  const id = commandIdSchema.parse(tools.ids.next());
  const { device, identity } = memory;
  const answerHere = (answer: Answer<1>): Response => respond({ id, connection: 'TCP' }, 1, answer);
  if (identity !== null) {
    const message = `This terminal belongs to ${identity.username}. Use /logout first, or another --profile.`;
    return answerHere({ phrase: 'ALREADY_LOGGED_IN', message });
  }
  const refusal = refusalOf(username, password);
  if (refusal !== null) return answerHere(refusal);

  const at = tools.clock.now();
  const sealed = sealCredentials({ id, device, at, username, password, deviceName }, sealingKey);
  const [operation, doing] =
    title === 'Login' ? (['login', 'Logging in'] as const) : (['register', 'Registering'] as const);
  const answer = await exchange(
    gate,
    {
      role: 'guest',
      subject: authSubject(device, operation),
      request: makeRequest({ id, title, data: { sealed } }),
      attemptMs: ATTEMPT_MS,
      timeoutMs: TIMEOUT_MS,
      onAttempt: () => standing.tell({ type: 'AUTHENTICATION_BEGAN', reason: `${doing} as ${username}.` }),
    },
    tools,
  );
  const refuse = (response: Response): Response => {
    standing.tell({ type: 'AUTHENTICATION_REFUSED', reason: response.message });
    return response;
  };
  const unavailable = (unanswered: string): Response => {
    const why = whyUnanswered(unanswered, gate, standing);
    const doubt = title === 'Login' ? '' : ' If the name is taken then, the account was made: use /login.';
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
  const warning = await memory.remember(grant.enrolment);
  keeper.readmit();
  await settled(gate, 'device', tools);
  const { account, username: name } = grant.enrolment;
  return {
    ...response,
    message: [response.message, warning].filter(Boolean).join(' '),
    // The credentials are this session's affair: they reach no face and no log.
    data: { account, username: name, device },
  };
}

/** Has the tracker forget this device, then forgets login and key here. Without the tracker nothing changes. */
export async function logOut(parts: LoginParts): Promise<Response> {
  const { memory, keeper, gate, tools } = parts;
  const { identity } = memory;
  const response = await ask(parts, 'Account', { operation: 'LOGOUT' });
  if (identity === null) return response;
  const isForgotten = isSuccess(response.status) || response.phrase === 'NOT_ENROLLED';
  if (isForgotten && memory.identity !== null) await keeper.forget(`${identity.username} is logged out.`);
  if (memory.identity !== null) return response;
  await settled(gate, 'guest', tools);
  // The answer may have been lost with the connection, and the renewal found the device forgotten.
  const { code: status, phrase, meaning: message } = statusOf(1, 'LOGOUT_SUCCESSFUL');
  return isSuccess(response.status) ? response : { ...response, status, phrase, message };
}

/** Waits until the terminal is connected as `role`; not for ever: what was done is done. */
async function settled(gate: Gate, role: Role, { clock }: Tools): Promise<void> {
  const deadline = clock.now() + SETTLE_MS;
  while (gate.passage?.role !== role && !gate.isClosed && clock.now() < deadline) {
    await gate.change(deadline - clock.now());
  }
}
