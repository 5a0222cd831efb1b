// The pace of a replay: as fast as possible, or with the pauses that the log has between its events.
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';
import type { Step } from '../log/steps.js';

/** How many times faster than the log. Infinity: without pauses. */
export type Speed = number;

const SPEED = /^(\d{1,6}(?:\.\d{1,3})?)x$/;

/** `1x`, `10x`, `0.5x` or `max`; null for anything else. */
export function parseSpeed(text: string): Speed | null {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const factor = Number(SPEED.exec(text)?.[1] ?? 0);
  return factor > 0 ? factor : null;
}

/** Waits before a step as long as the log did after the step before it, divided by the speed. */
export function createPace(speed: Speed, schedule: Schedule, signal: AbortSignal) {
  let last: number | null = null;

  return async ({ recordedAt }: Step): Promise<void> => {
    const pauseMs = last === null ? 0 : (recordedAt - last) / speed;
    last = recordedAt;
    // A clock that was set back gives no pause.
    if (pauseMs > 0) await delay(schedule, pauseMs, signal);
  };
}
