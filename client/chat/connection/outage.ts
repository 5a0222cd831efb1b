// Since when and why this terminal is away from its tracker, told once it is back and has caught up. A process that was
// stopped cannot notice that at the time: its pulse has a gap then.
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { SessionState } from '../../session/port.js';
import type { Tell } from '../peers/peers.js';

export interface OutageParts {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** How many notices have been fetched since the terminal was started. */
  readonly fetched: () => number;
  readonly tell: Tell;
}

export interface Outage {
  changed(state: SessionState): void;
  /** All that was missed is here; nothing happens if the terminal was not away. */
  caughtUp(): void;
  close(): void;
}

const PULSE_MS = 2_000;
/** A gap of this length in the pulse is no hiccup of a busy machine. */
const GAP_MS = 6_000;
/** A connection that is lost this soon after a gap was lost in it. */
const SOON_MS = 15_000;
const STOOD_STILL = 'This terminal was stopped, or its machine asleep.';

interface Away {
  readonly since: number;
  readonly reason: string;
  readonly fetchedBefore: number;
}

export function createOutage({ clock, schedule, fetched, tell }: OutageParts): Outage {
  let wasOnline = false;
  let away: Away | null = null;
  let lastBeat = clock.now();
  let gap: { readonly from: number; readonly to: number } | null = null;

  function look(): void {
    const now = clock.now();
    if (now - lastBeat >= GAP_MS) gap = { from: lastBeat, to: now };
    lastBeat = now;
  }
  function beat(): void {
    look();
    cancel = schedule(PULSE_MS, beat);
  }
  let cancel = schedule(PULSE_MS, beat);

  function begin(reason: string): Away {
    // The loss may be heard of before the beat that is overdue.
    look();
    const now = clock.now();
    const fetchedBefore = fetched();
    if (gap === null || now - gap.to > SOON_MS) return { since: now, reason, fetchedBefore };
    return { since: gap.from, reason: STOOD_STILL, fetchedBefore };
  }

  return {
    changed({ state, reason }) {
      switch (state) {
        case 'online':
          wasOnline = true;
          // What it has cost is over.
          gap = null;
          return;
        case 'reconnecting':
        case 'offline':
          if (wasOnline) away ??= begin(reason);
          return;
        case 'guest':
        case 'connecting':
          // Somebody else may be next to log in here.
          wasOnline = false;
          away = null;
          return;
        case 'authenticating':
      }
    },
    caughtUp() {
      if (away === null) return;
      const { since, reason, fetchedBefore } = away;
      away = null;
      tell('back', { awayMs: clock.now() - since, reason, notices: fetched() - fetchedBefore });
    },
    close: () => cancel(),
  };
}
