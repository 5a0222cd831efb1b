// Whether the user is there, as the tracker is told it: at it, away when nothing was done here for a while, or not to be
// disturbed. Other terminals of the account speak for themselves.
import pLimit from 'p-limit';
import type { Schedule } from '../../core/clock.js';
import type { PresenceState } from '../../core/protocol/operations.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { Session } from '../session/port.js';

export interface AvailabilityParts {
  readonly session: Pick<Session, 'state' | 'request'>;
  readonly schedule: Schedule;
  readonly isDnd: () => boolean;
}

export interface Availability {
  /** The user has done something here. */
  active(): void;
  /** Tells the tracker how it is now; false if it cannot be told. */
  tell(): Promise<boolean>;
  close(): void;
}

/** Who has done nothing for this long is away. */
export const AWAY_MS = 600_000;
const TIMEOUT_MS = 2_000;

export function createAvailability({ session, schedule, isDnd }: AvailabilityParts): Availability {
  // What is told last is how it is.
  const inTurn = pLimit(1);
  let isAway = false;
  let cancel = schedule(AWAY_MS, doze);

  const state = (): PresenceState => (isDnd() ? 'dnd' : isAway ? 'away' : 'online');

  function tell(): Promise<boolean> {
    return inTurn(async () => {
      if (session.state.state !== 'online') return false;
      const data = { operation: 'STATE', state: state() };
      const { status, phrase } = await session.request('People', data, { timeoutMs: TIMEOUT_MS });
      // An older tracker does not want to know.
      return isSuccess(status) || phrase === 'INVALID_COMMAND';
    });
  }

  function doze(): void {
    isAway = true;
    void tell();
  }

  return {
    active() {
      cancel();
      cancel = schedule(AWAY_MS, doze);
      if (!isAway) return;
      isAway = false;
      void tell();
    },
    tell,
    close: () => cancel(),
  };
}
