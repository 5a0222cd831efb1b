// Whether the tracker can serve now, and if not, what is wrong: each check is asked anew, and knows no HTTP.
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../../core/bus/bus.js';
import { messageOf } from '../../core/errors.js';
import type { Writer } from '../../core/events/sql/writer.js';

/** Null when all is well, else what is wrong, as a phrase. Never rejects. */
export type Check = () => Promise<string | null>;

export interface Readiness {
  readonly ready: boolean;
  /** By check: `ok`, or what is wrong. */
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

/** Whether a change is on the disk within a moment. What it writes it takes back in the same transaction. */
export function databaseCheck(writer: Writer, patienceMs = 1_000): Check {
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
    // One at a time: while the database stands still, no queue of probes grows before it.
    pending ??= commit().finally(() => {
      pending = null;
    });
    const patience = new AbortController();
    // When the commit is faster, the delay is aborted, and that is all it can reject for.
    const tooLate = delay(patienceMs, `nothing was committed within ${patienceMs} ms`, {
      signal: patience.signal,
    }).catch(() => null);
    const problem = await Promise.race([pending, tooLate]);
    patience.abort();
    return problem;
  };
}

/** Whether all of the tracker's connections to the broker stand. */
export function brokerCheck(buses: readonly Pick<Bus, 'isConnected'>[]): Check {
  return async () => (buses.every(({ isConnected }) => isConnected) ? null : 'the broker is not connected');
}
