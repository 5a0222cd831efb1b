// The arrival clock: it gives each message its time of arrival, from which its age is counted. It never goes back and never jumps
// ahead. While the program runs, a steady clock drives it. For the time between two runs of the program, it advances by what the
// machine's clock or the tracker's clock has advanced, whichever is less. So a single clock that is wrong cannot make a message
// old.
import { z } from 'zod';
import type { Clock } from '../../../core/time/clock.js';
import type { ClockReadings } from './age.js';
import type { Sql } from '../database/sql.js';

export interface ArrivalClock extends Clock {
  /** Milliseconds. The value is near the time since the epoch, but is not exact. */
  now(): number;
  /** The arrival time to store for a message that arrives now; `UNKNOWN_ARRIVAL` before the first `settle`. */
  arrival(): number;
  /**
   * Advances the clock by comparing `readings` with the readings stored by the previous run of the program, and stores the new
   * readings. Messages with an unknown arrival time get the present time. Call it in a transaction.
   */
  settle(sql: Sql, readings: ClockReadings): void;
}

/** A time later than all others: a message with an unknown arrival time never expires. */
const UNKNOWN_ARRIVAL = 8_640_000_000_000_000;

const storedSchema = z.object({ arrival: z.int(), machine: z.int(), tracker: z.int() }).optional();

const readStored = (sql: Sql) =>
  storedSchema.parse(sql.get('SELECT arrival, machine, tracker FROM arrival_clock WHERE id = 1'));

/** @param sql used to read the stored clock readings once */
export function openArrivalClock(sql: Sql, steady: Clock): ArrivalClock {
  const stored = readStored(sql);
  const startedAt = steady.now();
  let base = stored?.arrival ?? startedAt;
  let isSettled = false;
  const now = (): number => Math.round(base + (steady.now() - startedAt));

  /** The new time of the arrival clock, computed from both readings as described above. */
  function granted({ machineMs, trackerMs }: ClockReadings): number {
    if (stored === undefined) return Math.min(machineMs, trackerMs);
    const passedMs = Math.min(machineMs - stored.machine, trackerMs - stored.tracker);
    return Math.max(now(), stored.arrival + Math.max(0, passedMs));
  }

  return {
    now,
    arrival: () => (isSettled ? now() : UNKNOWN_ARRIVAL),
    settle(sql, readings) {
      if (!isSettled) base += granted(readings) - now();
      isSettled = true;
      // Correct all arrival times in the future: unknown ones, and those that an older version took from a clock that was ahead.
      // Do it on each call, because the transaction of an earlier call may have failed.
      sql.run('UPDATE messages SET arrival = ?1 WHERE arrival > ?1', now());
      sql.run(
        'INSERT OR REPLACE INTO arrival_clock (id, arrival, machine, tracker) VALUES (1, ?, ?, ?)',
        now(),
        readings.machineMs,
        readings.trackerMs,
      );
    },
  };
}
