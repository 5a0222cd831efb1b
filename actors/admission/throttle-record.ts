// The record of throttles in the log: when an account becomes throttled and when it no longer is. No answer waits for a record:
// answers take the same time for existing and unknown names.
import type { Clock } from '../../core/time/clock.js';
import type { AccountId, Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { AccountCommand } from '../account/commands.js';
import type { TrackerHost } from '../host.js';
import { systemMetadata } from '../system-command.js';
import { blockedUntil } from './delay.js';
import type { LoginFailures, Pair } from './failures.js';

export interface ThrottleRecord {
  /** Records that logins to the account from one origin have to wait until `until`, milliseconds since the epoch. */
  began(pair: Pair, account: AccountId, until: number): void;
  /** Records the end of the throttle of each account for which no origin has to wait, and deletes old failures. */
  review(): void;
  /** Resolves when everything is recorded. */
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
  // Records are written one at a time: the end of a throttle must not overtake its start.
  let last: Promise<void> = Promise.resolve();
  let isReviewDue = false;

  function inTurn(work: () => Promise<void>): void {
    last = last.then(work).catch((thrown: unknown) => {
      log.error({ err: thrown }, 'the start or end of a throttle could not be recorded');
    });
  }

  /** Resolves with whether the command is in the log. */
  async function record(account: AccountId, command: AccountCommand): Promise<boolean> {
    const outcome = await host.send({ kind: 'account', id: account, command, metadata: systemMetadata(ids) });
    return outcome.kind === 'done';
  }

  async function end(): Promise<void> {
    const now = clock.now();
    await failures.prune(now);
    const waits = new Map<AccountId, boolean>();
    for (const { account, ...counted } of await failures.marked()) {
      waits.set(account, (waits.get(account) ?? false) || blockedUntil(counted) > now);
    }
    for (const [account, isWaiting] of waits) {
      if (isWaiting) continue;
      // If the command fails, the mark remains, and the next review sends the command again.
      if (await record(account, { type: 'UnthrottleLogin', account })) await failures.unmark(account);
    }
  }

  return {
    began: (pair, account, until) =>
      inTurn(async () => {
        // The mark comes first: an end without a start is harmless, but a start without an end would last forever.
        await failures.mark(pair, account);
        await record(account, { type: 'ThrottleLogin', account, until });
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
