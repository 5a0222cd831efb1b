// Outages: how long and why this terminal was away from its tracker, reported when it is back and has caught up. A process does
// not notice while it is stopped. Afterwards a gap in its regular pulse shows the stop.
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import type { SessionState } from '../../session/port.js';
import type { Tell } from '../events.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';

export interface OutageParts {
  readonly steadyClock: Clock;
  readonly schedule: Schedule;
  readonly trackerSync: Pick<TrackerSync, 'fetched'>;
  readonly tell: Tell;
}

export interface Outage {
  changed(state: SessionState): void;
  /** Reports the end of the outage, if there was one. Call it when everything missed has been fetched. */
  caughtUp(): void;
  close(): void;
}

const PULSE_MS = 2_000;
/** A gap of this length in the pulse is too long to be caused by a busy machine. */
const GAP_MS = 6_000;
/** A connection that is lost within this time after a gap counts as lost during the gap. */
const SOON_MS = 15_000;
const STOPPED = 'This terminal was stopped, or its machine was asleep.';

interface Absence {
  readonly since: number;
  readonly reason: string;
  readonly fetchedBefore: number;
}

export function createOutage({ steadyClock, schedule, trackerSync, tell }: OutageParts): Outage {
  let wasOnline = false;
  let absence: Absence | null = null;
  let lastBeat = steadyClock.now();
  let gap: { readonly from: number; readonly to: number } | null = null;

  function beat(): void {
    const now = steadyClock.now();
    if (now - lastBeat >= GAP_MS) gap = { from: lastBeat, to: now };
    lastBeat = now;
  }
  const end = every(schedule, PULSE_MS, beat);

  function begin(reason: string): Absence {
    // The session may report the loss before the overdue beat runs.
    beat();
    const now = steadyClock.now();
    const fetchedBefore = trackerSync.fetched;
    if (gap === null || now - gap.to > SOON_MS) return { since: now, reason, fetchedBefore };
    return { since: gap.from, reason: STOPPED, fetchedBefore };
  }

  return {
    changed({ state, reason }) {
      switch (state) {
        case 'online':
          wasOnline = true;
          // A later loss is not due to this gap.
          gap = null;
          return;
        case 'reconnecting':
        case 'offline':
          if (wasOnline) absence ??= begin(reason);
          return;
        case 'guest':
        case 'connecting':
          // The next login may be another user's.
          wasOnline = false;
          absence = null;
          return;
        case 'authenticating':
      }
    },
    caughtUp() {
      if (absence === null) return;
      const { since, reason, fetchedBefore } = absence;
      absence = null;
      tell('back', {
        awayMs: steadyClock.now() - since,
        reason,
        notices: trackerSync.fetched - fetchedBefore,
      });
    },
    close: end,
  };
}
