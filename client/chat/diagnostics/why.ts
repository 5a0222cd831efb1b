// Remembers the last thing that went otherwise than a user may have wished, and explains it. It causes nothing.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import { timeOf } from '../../../core/time/local-time.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { isSuccess, statusOf } from '../../../core/protocol/status.js';
import type { Expulsion } from '../../session/port.js';
import type { Outcome } from '../events.js';
import { outcome, remedyOf } from '../outcome.js';

export interface Trouble {
  readonly event: string;
  /** Who did it; null when nobody in particular. */
  readonly by: string | null;
  readonly reason: string;
  readonly remedy: string;
  /** When, milliseconds since the epoch; now unless told. */
  readonly at?: number;
}

export interface Why {
  note(trouble: Trouble): void;
  /** Notes the outcome if it is a refusal; returns it as it is. */
  judged(judged: Outcome): Outcome;
  expelled(expulsion: Expulsion): void;
  explain(): Outcome;
}

/** @param me who is logged in: what one user was refused is not explained to the next. */
export function createWhy(clock: Clock, me: () => AccountId | null): Why {
  let last: (Trouble & { readonly at: number; readonly whose: AccountId | null }) | null = null;
  const note = (trouble: Trouble): void => {
    last = { ...trouble, at: trouble.at ?? clock.now(), whose: me() };
  };
  return {
    note,
    judged(judged) {
      if (!isSuccess(judged.status)) {
        note({ event: judged.phrase, by: null, reason: judged.message, remedy: remedyOf(judged) });
      }
      return judged;
    },
    expelled({ phrase, reason }) {
      const { remedy } = statusOf(1, phrase);
      const event = phrase === 'ACCOUNT_DISABLED' ? 'AccountDisabled' : 'DeviceRevoked';
      note({ event, by: null, reason: sanitiseLine(reason), remedy });
    },
    explain() {
      if (last === null || (last.whose !== null && last.whose !== (me() ?? last.whose))) {
        const message = 'Nothing was refused and nothing has broken since this terminal started.';
        const data = { event: null, by: null, at: null, reason: message, remedy: '' };
        return outcome(5, 'DONE', { message, data });
      }
      const { event, by, at, reason, remedy } = last;
      const who = by === null ? '' : ` by ${by}`;
      const head = `${event}${who}, at ${timeOf(at, clock.now())}`;
      const data = { event, by, at: new Date(at).toISOString(), reason, remedy };
      const advice = reason.includes(remedy) ? '' : ` ${remedy}`;
      return outcome(5, 'DONE', { message: `${head}: ${reason}${advice}`, data });
    },
  };
}
