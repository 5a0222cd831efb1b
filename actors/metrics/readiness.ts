// The readiness of the tracker: the checks that say whether it can serve now, and what is wrong. It does not know HTTP.
import type { Bus } from '../../core/bus/bus.js';
import { messageOf } from '../../core/errors.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';

/** Resolves with null, or with a phrase that names the problem. Never rejects. */
export type Check = () => Promise<string | null>;

export interface Readiness {
  readonly ready: boolean;
  /** The result of each check by its name: `ok` or the problem. */
  readonly checks: Readonly<Record<string, string>>;
}

export async function judge(checks: Readonly<Record<string, Check>>): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await check()] as const),
  );
  return {
    ready: results.every(([, problem]) => problem === null),
    checks: Object.fromEntries(results.map(([name, problem]) => [name, problem ?? 'ok'])),
  };
}

const PROBE = 'readiness';

/** Checks that a transaction commits within `patienceMs`. The transaction deletes the row that it inserts. */
export function databaseCheck(writer: Writer, schedule: Schedule, patienceMs = 1_000): Check {
  let pending: Promise<string | null> | null = null;

  async function commit(): Promise<string | null> {
    try {
      await writer.write(async (sql) => {
        await sql.run('INSERT INTO checkpoints (name, position) VALUES (?, 0)', [PROBE]);
        await sql.run('DELETE FROM checkpoints WHERE name = ?', [PROBE]);
      });
      return null;
    } catch (thrown) {
      return messageOf(thrown);
    }
  }

  return async () => {
    // One probe at a time: a database that hangs must not collect a queue of them.
    pending ??= commit().finally(() => {
      pending = null;
    });
    const settled = new AbortController();
    const tooLate = delay(schedule, patienceMs, settled.signal).then(
      () => `nothing was committed within ${patienceMs} ms`,
    );
    const problem = await Promise.race([pending, tooLate]);
    settled.abort();
    return problem;
  };
}

/** Checks that every connection of the tracker to the broker is open. */
export function brokerCheck(buses: readonly Pick<Bus, 'isConnected'>[]): Check {
  return async () => (buses.every(({ isConnected }) => isConnected) ? null : 'the broker is not connected');
}
