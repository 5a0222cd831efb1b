// The last refusal, disconnection or promotion, kept for the command `/why`.
import type { Clock } from '../../../core/time/clock.js';
import type { AccountId } from '../../../core/ids.js';
import { timeOf } from '../../../core/time/local-time.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { statusOf } from '../../../core/protocol/status.js';
import type { Expulsion } from '../../session/port.js';
import { type Outcome, remedyOf, type Success, success } from '../outcome.js';
import type { Explanation } from '../results.js';

/** Something that a user may ask about. */
export interface Trouble {
  readonly event: string;
  /** Null if nobody in particular caused it. */
  readonly by: string | null;
  readonly reason: string;
  readonly remedy: string;
  /** Milliseconds since the epoch; now unless given. */
  readonly at?: number;
}

export interface Why {
  note(trouble: Trouble): void;
  /** Sets the trouble that lasts until the next call; null if nothing is wrong. Every explanation ends with it. */
  hold(trouble: Trouble | null): void;
  /** Notes the outcome if it is a refusal. */
  noteOutcome(outcome: Outcome<unknown>): void;
  expelled(expulsion: Expulsion): void;
  explain(): Success<Explanation>;
}

/** @param me the account logged in: one user's refusals are not explained to the next */
export function createWhy(clock: Clock, me: () => AccountId | null): Why {
  let last: (Trouble & { readonly at: number; readonly whose: AccountId | null }) | null = null;
  let lasting: Trouble | null = null;
  const note = (trouble: Trouble): void => {
    last = { ...trouble, at: trouble.at ?? clock.now(), whose: me() };
  };
  return {
    note,
    hold(trouble) {
      lasting = trouble;
    },
    noteOutcome(outcome) {
      if (outcome.isOk) return;
      note({ event: outcome.phrase, by: null, reason: outcome.message, remedy: remedyOf(outcome) });
    },
    expelled({ phrase, reason }) {
      const { remedy } = statusOf(1, phrase);
      const event = phrase === 'ACCOUNT_DISABLED' ? 'AccountDisabled' : 'DeviceRevoked';
      note({ event, by: null, reason: sanitiseLine(reason), remedy });
    },
    explain() {
      const noted = last === null || isOfAnother(last) ? null : last;
      const trouble = noted ?? lasting;
      if (trouble === null) {
        const message = 'Since this terminal started, no request was refused and nothing has failed.';
        return success(5, 'DONE', { event: null, by: null, at: null, reason: message, remedy: '' }, message);
      }
      const { event, by, at = clock.now(), remedy } = trouble;
      const reason = lasting === null || trouble === lasting ? trouble.reason : joined(trouble, lasting);
      const who = by === null ? '' : ` by ${by}`;
      const head = `${event}${who}, at ${timeOf(at, clock.now())}`;
      const advice = reason.includes(remedy) ? '' : ` ${remedy}`;
      return success(5, 'DONE', { event, by, at, reason, remedy }, `${head}: ${reason}${advice}`);
    },
  };

  function isOfAnother({ whose }: { readonly whose: AccountId | null }): boolean {
    return whose !== null && whose !== (me() ?? whose);
  }
}

/** The reason of a trouble, followed by the trouble that lasts. */
function joined(trouble: Trouble, lasting: Trouble): string {
  return trouble.reason.includes(lasting.reason) ? trouble.reason : `${trouble.reason} ${lasting.reason}`;
}
