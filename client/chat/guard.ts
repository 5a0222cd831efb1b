// How an action of the user is carried out: whatever goes wrong comes to an outcome.
import { messageOf } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Session } from '../session/port.js';
import { type Refusal, refusal } from './outcome.js';

type Guard = <O>(work: () => Promise<O> | O) => Promise<O | Refusal>;

export interface ActionGuardParts {
  readonly session: Pick<Session, 'identity'>;
  readonly log: Log;
}

export interface ActionGuard {
  readonly act: Guard;
  /** The same for what needs somebody to be logged in. */
  readonly actAsMember: Guard;
}

export function createActionGuard({ session, log }: ActionGuardParts): ActionGuard {
  async function act<O>(work: () => Promise<O> | O): Promise<O | Refusal> {
    try {
      return await work();
    } catch (error) {
      log.error({ error }, 'an action failed');
      return refusal(5, 'INTERNAL', `This terminal failed: ${messageOf(error)}.`);
    }
  }
  const actAsMember: Guard = (work) =>
    act(() => (session.identity === null ? refusal(1, 'NOT_LOGGED_IN') : work()));
  return {
    act,
    actAsMember,
  };
}
