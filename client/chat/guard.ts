// The guard of the user's actions: a failure becomes a refusal, and most actions need a login.
import { messageOf } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { HistoryUnavailableError } from '../history/database/unavailable.js';
import type { Session } from '../session/port.js';
import { refusal } from './outcome.js';
import type { ChatActions } from './port.js';

export interface ActionGuardParts {
  readonly session: Pick<Session, 'identity'>;
  readonly log: Log;
}

export interface ActionGuard {
  /** Returns the actions with their failures turned into refusals. */
  readonly guarded: <A extends Partial<ChatActions>>(actions: A) => A;
  /** Returns the actions, each refused while nobody is logged in. */
  readonly forMembers: <A extends Partial<ChatActions>>(actions: A) => A;
}

type Action = (...args: readonly unknown[]) => Promise<unknown>;

export function createActionGuard({ session, log }: ActionGuardParts): ActionGuard {
  async function guard(work: () => Promise<unknown>): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof HistoryUnavailableError) {
        log.warn({ err: error }, 'the history is not available for an action');
        return refusal(5, 'UNAVAILABLE', error.message);
      }
      log.error({ error }, 'an action failed');
      return refusal(5, 'INTERNAL', `This terminal failed to carry out the request: ${messageOf(error)}.`);
    }
  }
  return {
    guarded: (actions) => wrapped(actions, (action) => guard(action)),
    forMembers: (actions) =>
      wrapped(actions, (action) =>
        guard(async () => (session.identity === null ? refusal(1, 'NOT_LOGGED_IN') : action())),
      ),
  };
}

/** Each action wrapped by `wrap`. Every action's outcomes include a refusal, so the types stay the same. */
function wrapped<A extends Partial<ChatActions>>(
  actions: A,
  wrap: (work: () => Promise<unknown>) => Promise<unknown>,
): A {
  const entries = Object.entries(actions as Readonly<Record<string, Action>>);
  return Object.fromEntries(
    entries.map(([name, action]): [string, Action] => [name, (...args) => wrap(() => action(...args))]),
  ) as A;
}
