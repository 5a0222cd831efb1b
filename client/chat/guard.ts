// How an action of the user is carried out: whatever goes wrong comes to an outcome.
import { messageOf } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Session } from '../session/port.js';
import type { Outcome } from './events.js';
import { outcome } from './outcome.js';

type Work = () => Promise<Outcome> | Outcome;

export interface ActionGuardParts {
  readonly session: Pick<Session, 'identity'>;
  readonly log: Log;
}

export interface ActionGuard {
  readonly act: (work: Work) => Promise<Outcome>;
  /** The same for what needs somebody to be logged in. */
  readonly actAsMember: (work: Work) => Promise<Outcome>;
}

export function createActionGuard({ session, log }: ActionGuardParts): ActionGuard {
  async function act(work: Work): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      log.error({ error }, 'an action failed');
      return outcome(5, 'INTERNAL', { message: `This terminal failed: ${messageOf(error)}.` });
    }
  }
  const actAsMember: ActionGuard['actAsMember'] = (work) =>
    act(() => (session.identity === null ? outcome(1, 'NOT_LOGGED_IN') : work()));
  return {
    act,
    actAsMember,
  };
}
