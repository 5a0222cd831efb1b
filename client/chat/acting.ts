// How an action of the user is done: what goes wrong in it becomes an outcome, and is remembered for `/why`.
import { messageOf } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import type { Session } from '../session/port.js';
import type { Attention } from './attention.js';
import type { Outcome } from './events.js';
import { outcome } from './outcome.js';
import type { Why } from './why.js';

type Work = () => Promise<Outcome> | Outcome;

export interface Acting {
  act: (work: Work) => Promise<Outcome>;
  /** Only for who is logged in. */
  actAsMember: (work: Work) => Promise<Outcome>;
  /** What opens a conversation, which is then read. */
  actAndLook: (work: Work) => Promise<Outcome>;
}

export interface ActingParts {
  readonly session: Pick<Session, 'identity'>;
  readonly why: Pick<Why, 'judged'>;
  readonly attention: Pick<Attention, 'look'>;
  readonly log: Log;
}

export function createActing({ session, why, attention, log }: ActingParts): Acting {
  async function act(work: Work): Promise<Outcome> {
    try {
      return why.judged(await work());
    } catch (error) {
      log.error({ error }, 'an action failed');
      return why.judged(outcome(5, 'INTERNAL', { message: `This terminal failed: ${messageOf(error)}.` }));
    }
  }
  const actAsMember = (work: Work): Promise<Outcome> =>
    act(() => (session.identity === null ? outcome(1, 'NOT_LOGGED_IN') : work()));

  return {
    act,
    actAsMember,
    actAndLook: (work) =>
      actAsMember(async () => {
        const result = await work();
        await attention.look();
        return result;
      }),
  };
}
