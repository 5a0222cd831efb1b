// The readiness of the tracker: the checks that say whether it can serve now, and what is wrong. It does not know HTTP.
import type { Bus } from '../../core/bus/bus.js';
import { BusError } from '../../core/bus/connection/failure.js';
import { messageOf } from '../../core/errors.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';

/** A finding that the operator should see, although the tracker serves. */
export interface Note {
  readonly note: string;
}

/** Resolves with null, with a phrase that names the problem, or with a note. Never rejects. */
export type Check = () => Promise<string | Note | null>;

export interface Readiness {
  readonly ready: boolean;
  /** The result of each check by its name: `ok`, the problem or the note. */
  readonly checks: Readonly<Record<string, string>>;
}

export async function judge(checks: Readonly<Record<string, Check>>): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await check()] as const),
  );
  return {
    ready: results.every(([, result]) => typeof result !== 'string'),
    checks: Object.fromEntries(results.map(([name, result]) => [name, textOf(result)])),
  };
}

function textOf(result: string | Note | null): string {
  if (result === null) return 'ok';
  return typeof result === 'string' ? result : result.note;
}

const PROBE = 'readiness';
const NOT_CONNECTED = 'the broker is not connected';

/** Checks that a transaction commits within `patienceMs`. The transaction deletes the row that it inserts. */
export function databaseCheck(writer: Writer, schedule: Schedule, patienceMs = 1_000): Check {
  const tooLate = (): string =>
    `nothing was committed within ${patienceMs} ms${writer.isLockedOut ? ': another program holds the lock of the database' : ''}`;
  return probing(schedule, patienceMs, tooLate, () =>
    writer.write(async (sql) => {
      await sql.run('INSERT INTO checkpoints (name, position) VALUES (?, 0)', [PROBE]);
      await sql.run('DELETE FROM checkpoints WHERE name = ?', [PROBE]);
    }),
  );
}

/** Checks that the broker answers on every connection of the tracker within `patienceMs`. */
export function brokerCheck(
  buses: readonly Pick<Bus, 'isConnected' | 'flush'>[],
  schedule: Schedule,
  patienceMs = 2_000,
): Check {
  const roundTrips = probing(
    schedule,
    patienceMs,
    () => `the broker did not answer within ${patienceMs} ms`,
    async () => {
      try {
        await Promise.all(buses.map((bus) => bus.flush()));
      } catch (thrown) {
        if (thrown instanceof BusError && thrown.kind === 'disconnected')
          throw new Error(NOT_CONNECTED, { cause: thrown });
        throw thrown;
      }
    },
  );
  const isLost = (): boolean => buses.some(({ isConnected }) => !isConnected);
  return async () => {
    if (isLost()) return NOT_CONNECTED;
    const problem = await roundTrips();
    // The connection may be lost during the round trip.
    return isLost() ? NOT_CONNECTED : problem;
  };
}

/** A check that is passed if `probe` resolves in time. A probe that hangs is not repeated until it has ended. */
function probing(
  schedule: Schedule,
  patienceMs: number,
  tooLate: () => string,
  probe: () => Promise<unknown>,
): Check {
  let pending: Promise<string | null> | null = null;

  return async () => {
    pending ??= probe()
      .then(() => null, messageOf)
      .finally(() => {
        pending = null;
      });
    const settled = new AbortController();
    const late = delay(schedule, patienceMs, settled.signal).then(tooLate);
    const problem = await Promise.race([pending, late]);
    settled.abort();
    return problem;
  };
}
