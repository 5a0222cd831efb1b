// The guard against password guessing: each failure for a name from an origin lengthens the wait. It behaves the same whether
// or not the name exists. It does not check passwords.
import type { Clock } from '../../core/time/clock.js';
import type { AccountId } from '../../core/ids.js';
import { blockedUntil, triesAtOnce } from './delay.js';
import type { LoginFailures, Pair } from './failures.js';
import type { ThrottleRecord } from './throttle-record.js';

export interface PasswordCheck {
  /** The account with the name; null if no account has it. */
  readonly account: AccountId | null;
  readonly isRight: boolean;
}

export type Guess<T> = { readonly kind: 'tried'; readonly attempt: T } | Untried;

/** The check did not run: the pair has to wait, or too many checks run at once. */
interface Untried {
  readonly kind: 'throttled' | 'busy';
  readonly retryAfterMs: number;
}

export interface Guessing {
  /** Runs `attempt` if it is allowed. A rejection of `attempt` is not counted. */
  guard<T extends PasswordCheck>(pair: Pair, attempt: () => Promise<T>): Promise<Guess<T>>;
}

export interface GuessingParts {
  readonly failures: LoginFailures;
  readonly record: ThrottleRecord;
  readonly clock: Clock;
}

/** The greatest number of checks that wait for running checks: of one pair, and of all pairs together. */
const MAX_WAITING_OF_PAIR = 32;
const MAX_WAITING = 256;
/** About the time of two password checks. */
const RETRY_MS = 1_000;

/** The password checks of one pair that run at the same time. */
interface Lane {
  present: number;
  inHand: number;
  /** The number of finished checks. When it changes, the failure counts that were read before are stale. */
  outcomes: number;
  waiting: (() => void)[];
}

export function createGuessing({ failures, record, clock }: GuessingParts): Guessing {
  const lanes = new Map<string, Lane>();
  let waiting = 0;

  /**
   * Waits until the check may run; resolves with the reason if it may not. Parallel checks get no more tries than sequential
   * ones.
   */
  async function enter(pair: Pair, lane: Lane): Promise<Untried | null> {
    for (;;) {
      const { outcomes } = lane;
      const counted = await failures.of(pair);
      if (lane.outcomes !== outcomes) continue;
      const now = clock.now();
      const retryAfterMs = blockedUntil(counted) - now;
      if (retryAfterMs > 0) return { kind: 'throttled', retryAfterMs };
      if (lane.inHand < triesAtOnce(counted, now)) {
        lane.inHand += 1;
        return null;
      }
      if (lane.waiting.length >= MAX_WAITING_OF_PAIR || waiting >= MAX_WAITING) {
        return { kind: 'busy', retryAfterMs: RETRY_MS };
      }
      waiting += 1;
      await new Promise<void>((resolve) => lane.waiting.push(resolve));
      waiting -= 1;
    }
  }

  async function count(pair: Pair, { account, isRight }: PasswordCheck): Promise<void> {
    if (isRight) {
      if ((await failures.of(pair)).count === 0) return;
      await failures.clear(pair);
      record.review();
      return;
    }
    const until = blockedUntil(await failures.add(pair, clock.now()));
    if (account !== null && until > clock.now()) record.began(pair, account, until);
  }

  return {
    async guard(pair, attempt) {
      const key = JSON.stringify([pair.name, pair.origin]);
      const lane = lanes.get(key) ?? { present: 0, inHand: 0, outcomes: 0, waiting: [] };
      lanes.set(key, lane);
      lane.present += 1;
      try {
        const refusal = await enter(pair, lane);
        if (refusal !== null) return refusal;
        try {
          const outcome = await attempt();
          await count(pair, outcome);
          return { kind: 'tried', attempt: outcome };
        } finally {
          lane.inHand -= 1;
          lane.outcomes += 1;
          for (const resume of lane.waiting.splice(0)) resume();
        }
      } finally {
        lane.present -= 1;
        if (lane.present === 0) lanes.delete(key);
      }
    },
  };
}
