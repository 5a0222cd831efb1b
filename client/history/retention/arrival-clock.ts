// The arrival clock: it dates the arrival of messages for their age. It never goes back and never jumps ahead. While the
// terminal runs, a steady clock drives it. Over the time between two runs it advances as far as the machine's clock and the
// tracker's clock agree: the smaller of their two differences counts. So no wrong clock makes a message old.
import { z } from 'zod';
import type { Clock } from '../../../core/time/clock.js';
import type { ClockReadings } from './age.js';
import type { Sql } from '../database/sql.js';

export interface ArrivalClock extends Clock {
  /** Milliseconds on a scale that starts near the epoch. */
  now(): number;
  /** The arrival to store for a message that arrives now: before `settle`, `UNKNOWN_ARRIVAL`. */
  arrival(): number;
  /**
   * Takes what both clocks say now, with the times stored by the run before. Messages whose arrival is unknown, of this run or
   * an earlier one, count as arrived now. Call it in a transaction.
   */
  settle(sql: Sql, readings: ClockReadings): void;
}

/** Later than every time, so a message whose arrival is unknown never expires. */
const UNKNOWN_ARRIVAL = 8_640_000_000_000_000;

const storedSchema = z.object({ arrival: z.int(), machine: z.int(), tracker: z.int() }).optional();

const readStored = (sql: Sql) =>
  storedSchema.parse(sql.get('SELECT arrival, machine, tracker FROM arrival_clock WHERE id = 1'));

/** @param sql for reading at the start */
export function openArrivalClock(sql: Sql, steady: Clock): ArrivalClock {
  const stored = readStored(sql);
  const startedAt = steady.now();
  let base = stored?.arrival ?? startedAt;
  let isSettled = false;
  const now = (): number => Math.round(base + (steady.now() - startedAt));

  /** The time on the scale that both clocks grant. */
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
      // This includes an arrival that an older version dated by a clock that was ahead. The transaction of an earlier call may have failed.
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
