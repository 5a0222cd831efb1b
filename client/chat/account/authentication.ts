// How a user comes in and goes: registration, login and logout. What the tracker sends with them is not shown.
import type { Response } from '../../../core/protocol/envelope.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';
import type { Outcome } from '../events.js';
import type { Outbox } from '../messages/outbox.js';
import { outcomeOf, refused } from '../outcome.js';
import type { Peers } from '../peers/peers.js';

export interface AuthenticationParts {
  readonly session: Session;
  readonly outbox: Pick<Outbox, 'drained'>;
  readonly peers: Pick<Peers, 'become'>;
}

export interface Authentication {
  register(username: string, password: string): Promise<Outcome>;
  login(username: string, password: string): Promise<Outcome>;
  logout(): Promise<Outcome>;
}

export function createAuthentication({ session, outbox, peers }: AuthenticationParts): Authentication {
  // Never what the tracker sent with it: credentials are nothing to show.
  function entered(response: Response): Outcome {
    if (!isSuccess(response.status)) return refused(response);
    return outcomeOf(response, { username: session.identity?.username ?? null });
  }

  return {
    register: async (username, password) => entered(await session.register(username, password)),
    login: async (username, password) => entered(await session.login(username, password)),
    async logout() {
      const waiting = await outbox.drained(0);
      const response = await session.logout();
      if (!isSuccess(response.status)) return refused(response);
      await peers.become(null);
      const told = outcomeOf(response);
      if (waiting === 0) return told;
      // The next login is another device's, which cannot speak for this one.
      const lost = `${waiting} of your messages had not reached everybody and will not be sent.`;
      return { ...told, message: `${told.message} ${lost}` };
    },
  };
}
