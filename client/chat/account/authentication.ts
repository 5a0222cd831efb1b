// The actions that begin and end a login: register, log in, log out. They never show the credentials the tracker sends.
import type { Response } from '../../../core/protocol/envelope.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { Outbox } from '../messages/outbox.js';
import { granted, type Outcome, refused } from '../outcome.js';
import type { Peers } from '../peers/peers.js';
import type { ChatActions } from '../port.js';
import type { LoggedIn } from '../results.js';

export interface AuthenticationParts {
  readonly session: Session;
  readonly outbox: Pick<Outbox, 'drained'>;
  readonly peers: Pick<Peers, 'become'>;
}

export type Authentication = Pick<ChatActions, 'register' | 'login' | 'logout'>;

const BLANKS_COUNT =
  'The password that you typed begins or ends with a space. This space is part of the password.';

export function createAuthentication({ session, outbox, peers }: AuthenticationParts): Authentication {
  function entered(response: Response): Outcome<LoggedIn> {
    if (!isSuccess(response.status)) return refused(response);
    return granted(response, { username: session.identity?.username ?? null });
  }

  return {
    register: async (username, password) => entered(await session.register(username, password)),
    async login(username, password) {
      const outcome = entered(await session.login(username, password));
      const isMistyped = !outcome.isOk && outcome.phrase === 'LOGIN_FAILED' && password.trim() !== password;
      return isMistyped ? { ...outcome, message: `${outcome.message} ${BLANKS_COUNT}` } : outcome;
    },
    async logout() {
      const waiting = await outbox.drained(0);
      const response = await session.logout();
      if (!isSuccess(response.status)) return refused(response);
      await peers.become(null);
      const done = granted(response, null);
      if (waiting === 0) return done;
      // The next login creates a new device, which cannot send the messages of the present device.
      const lost = `${waiting} of your messages had not reached all recipients and will not be sent to the others.`;
      return { ...done, message: `${done.message} ${lost}` };
    },
  };
}
