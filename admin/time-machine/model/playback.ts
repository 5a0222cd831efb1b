// Playing the log: the cursor moves by itself, with the pauses of the log divided by the speed. When the screen cannot follow, the
// cursor jumps to the event that is due.
import type { Clock, Schedule } from '../../../core/time/clock.js';

const SPEEDS = [1, 10, 100, Number.POSITIVE_INFINITY] as const;
/** The pause between two events at the speed `max`, so that each of them is seen. */
const FRAME_MS = 40;
/** A system's timer cannot wait longer: 2^31 − 1 ms, which is 25 days. */
const TIMER_MAX_MS = 2_147_483_647;

export interface PlaybackParts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Moves the cursor to the last event recorded up to a time, at least one event on. */
  readonly advance: (time: number | null) => void;
}

/** The event under the cursor, once it is read. */
export interface Playing {
  /** Milliseconds since the epoch; null at position 0. */
  readonly recordedAt: number | null;
  /** Null at the end of the log. */
  readonly pauseMs: number | null;
}

export class Playback {
  readonly #parts: PlaybackParts;
  #index = 0;
  #isPlaying = false;
  #cancel: () => void = () => undefined;
  /** A time of the log, and the time of the clock at which it was played; null until the first event is read. */
  #anchor: { readonly logTime: number; readonly now: number } | null = null;
  #waitMs: number | null = null;

  constructor(parts: PlaybackParts) {
    this.#parts = parts;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** How many times faster than the log. Infinity: without its pauses. */
  get speed(): number {
    return SPEEDS[this.#index] ?? 1;
  }

  /** Milliseconds until the next event, as they were when the last one was reached; null while nothing waits. */
  get waitMs(): number | null {
    return this.#waitMs;
  }

  /** `1x` or `max`. */
  get speedText(): string {
    return Number.isFinite(this.speed) ? `${this.speed}x` : 'max';
  }

  start(): void {
    this.#isPlaying = true;
    this.#anchor = null;
  }

  stop(): void {
    this.#isPlaying = false;
    this.#clear();
  }

  /** Chooses the next faster or slower speed. */
  change(step: 1 | -1): void {
    this.#index = Math.max(0, Math.min(SPEEDS.length - 1, this.#index + step));
    this.#anchor = null;
    this.#clear();
  }

  /** Continues from another event, because the user moved the cursor. */
  jumped(): void {
    this.#anchor = null;
    this.#clear();
  }

  /** Sets the timer for the next event. Called when the event under the cursor is read. Ends at the end of the log. */
  reached({ recordedAt, pauseMs }: Playing): void {
    if (!this.#isPlaying) return;
    this.#clear();
    if (pauseMs === null) return this.stop();
    const { clock, schedule } = this.#parts;
    const logTime = recordedAt ?? 0;
    if (!Number.isFinite(this.speed) || recordedAt === null) {
      this.#cancel = schedule(FRAME_MS, () => this.#parts.advance(null));
      return;
    }
    this.#anchor ??= { logTime, now: clock.now() };
    const dueAt = this.#anchor.now + (logTime + pauseMs - this.#anchor.logTime) / this.speed;
    this.#waitMs = Math.max(0, dueAt - clock.now());
    this.#cancel = schedule(Math.min(this.#waitMs, TIMER_MAX_MS), () => {
      if (clock.now() < dueAt) this.reached({ recordedAt, pauseMs });
      else this.#parts.advance(this.#playedTime());
    });
  }

  /** The time of the log that is played now. */
  #playedTime(): number | null {
    if (this.#anchor === null) return null;
    return this.#anchor.logTime + (this.#parts.clock.now() - this.#anchor.now) * this.speed;
  }

  #clear(): void {
    this.#cancel();
    this.#cancel = () => undefined;
    this.#waitMs = null;
  }
}
