// Puts into the log that an account has come to be throttled, and that it no longer is. Nobody waits for it: answers
// shall take as long for a name that somebody has as for one that nobody has.
import type { Clock } from '../../core/time/clock.js';
import type { AccountId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { AccountCommand } from '../account/commands.js';
import type { TrackerHost } from '../host.js';
import { systemMetadata } from '../system-command.js';
import { blockedUntil } from './delay.js';
import type { LoginFailures, Pair } from './failures.js';

export interface ThrottleRecord {
  /** Logins to the account from one origin have to wait until a time (milliseconds since the epoch). */
  began(pair: Pair, account: AccountId, until: number): void;
  /** Records the end for each account for which no origin has to wait any more, and forgets failures that are old. */
  review(): void;
  /** Resolves once nothing is left to be recorded. */
  idle(): Promise<void>;
}

export interface ThrottleRecordParts {
  readonly failures: LoginFailures;
  readonly host: TrackerHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}

export function createThrottleRecord(parts: ThrottleRecordParts): ThrottleRecord {
  const { failures, host, clock, ids, log } = parts;
  // One after the other: an end that is being recorded must not overtake a beginning.
  let last: Promise<void> = Promise.resolve();
  let isReviewDue = false;

  function inTurn(work: () => Promise<void>): void {
    last = last.then(work).catch((thrown: unknown) => {
      log.error({ err: thrown }, 'the beginning or end of a throttle could not be recorded');
    });
  }

  /** Whether it is in the log now. */
  async function tell(account: AccountId, command: AccountCommand): Promise<boolean> {
    const outcome = await host.send({ kind: 'account', id: account, command, metadata: systemMetadata(ids) });
    return outcome.kind === 'done';
  }

  async function end(): Promise<void> {
    const now = clock.now();
    const waits = new Map<AccountId, boolean>();
    for (const { account, ...counted } of await failures.marked()) {
      waits.set(account, (waits.get(account) ?? false) || blockedUntil(counted) > now);
    }
    for (const [account, isWaiting] of waits) {
      if (isWaiting) continue;
      // What is not told now stays marked, and is told at the next review.
      if (await tell(account, { type: 'UnthrottleLogin', account })) await failures.unmark(account);
    }
    await failures.prune(now);
  }

  return {
    began: (pair, account, until) =>
      inTurn(async () => {
        // The mark first: an end without a beginning is nothing, a beginning without an end would be for ever.
        await failures.mark(pair, account);
        await tell(account, { type: 'ThrottleLogin', account, until });
      }),
    review() {
      if (isReviewDue) return;
      isReviewDue = true;
      inTurn(async () => {
        isReviewDue = false;
        await end();
      });
    },
    idle: () => last,
  };
}
