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
  /**
   * Takes what both clocks say now, with the times stored by the run before. Messages that arrived in this run before the
   * first call move along with the clock. Call it in a transaction.
   */
  settle(sql: Sql, readings: ClockReadings): void;
}

const storedSchema = z.object({ arrival: z.int(), machine: z.int(), tracker: z.int() }).optional();
const lastSchema = z.object({ last: z.int().nullable() });

const readStored = (sql: Sql) =>
  storedSchema.parse(sql.get('SELECT arrival, machine, tracker FROM arrival_clock WHERE id = 1'));

/** @param sql for reading at the start */
export function openArrivalClock(sql: Sql, steady: Clock): ArrivalClock {
  const stored = readStored(sql);
  const { last } = lastSchema.parse(sql.get('SELECT MAX(position) AS last FROM messages'));
  const startedAt = steady.now();
  let base = stored?.arrival ?? startedAt;
  let isSettled = false;
  const now = (): number => Math.round(base + (steady.now() - startedAt));

  /** The time on the scale that both clocks grant. */
  function granted({ machineMs, trackerMs }: ClockReadings): number {
    if (stored === undefined) return trackerMs;
    const passedMs = Math.min(machineMs - stored.machine, trackerMs - stored.tracker);
    return Math.max(now(), stored.arrival + Math.max(0, passedMs));
  }

  return {
    now,
    settle(sql, readings) {
      if (!isSettled) {
        const jumpMs = granted(readings) - now();
        base += jumpMs;
        sql.run('UPDATE messages SET arrival = arrival + ? WHERE position > ?', jumpMs, last ?? 0);
        // An arrival that an older version dated by a clock that was ahead.
        sql.run('UPDATE messages SET arrival = ?1 WHERE arrival > ?1', now());
        isSettled = true;
      }
      sql.run(
        'INSERT OR REPLACE INTO arrival_clock (id, arrival, machine, tracker) VALUES (1, ?, ?, ?)',
        now(),
        readings.machineMs,
        readings.trackerMs,
      );
    },
  };
}
