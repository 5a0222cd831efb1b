// The pace of a replay: as fast as possible, or with the pauses that lay between the events when they were recorded.
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';
import type { Step } from '../log/steps.js';

/** How many times faster than the original events. Infinity: without pauses. */
export type Speed = number;

const SPEED = /^(\d{1,6}(?:\.\d{1,3})?)x$/;

/** `1x`, `10x`, `0.5x` or `max`; null for anything else. */
export function parseSpeed(text: string): Speed | null {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const factor = Number(SPEED.exec(text)?.[1] ?? 0);
  return factor > 0 ? factor : null;
}

/**
 * Returns a function that waits before a step: the time between the recording of the previous step and this one, divided by the
 * speed.
 */
export function createPace(speed: Speed, schedule: Schedule, signal: AbortSignal) {
  let last: number | null = null;

  return async ({ recordedAt }: Step): Promise<void> => {
    const pauseMs = last === null ? 0 : (recordedAt - last) / speed;
    last = recordedAt;
    // A clock that was set back gives no pause.
    if (pauseMs > 0) await delay(schedule, pauseMs, signal);
  };
}
