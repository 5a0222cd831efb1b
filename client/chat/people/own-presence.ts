// Whether the user is there, as the tracker is told it: at it, away when nothing was done here for a while, or not to be
// disturbed. Other terminals of the account speak for themselves.
import pLimit from 'p-limit';
import type { Schedule } from '../../../core/time/clock.js';
import type { PresenceState } from '../../../core/protocol/operations.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Session } from '../../session/port.js';

export interface OwnPresenceParts {
  readonly session: Pick<Session, 'state' | 'request'>;
  readonly schedule: Schedule;
  readonly isDnd: () => boolean;
  /** How it is now; the tracker has been told, or could not be. */
  readonly onTold: (state: PresenceState) => void;
}

export interface OwnPresence {
  /** The user has done something here. */
  active(): void;
  /** Tells how it is now; false if the tracker cannot be told. */
  tell(): Promise<boolean>;
  close(): void;
}

/** Who has done nothing for this long is away. */
export const AWAY_MS = 600_000;
const TIMEOUT_MS = 2_000;

export function createOwnPresence({ session, schedule, isDnd, onTold }: OwnPresenceParts): OwnPresence {
  // What is told last is how it is.
  const inTurn = pLimit(1);
  let isAway = false;
  let cancel = schedule(AWAY_MS, doze);

  const state = (): PresenceState => (isDnd() ? 'dnd' : isAway ? 'away' : 'online');

  function tell(): Promise<boolean> {
    return inTurn(async () => {
      const isTold = session.state.state === 'online' && (await tellTracker());
      onTold(state());
      return isTold;
    });
  }

  async function tellTracker(): Promise<boolean> {
    const data = { operation: 'STATE', state: state() };
    const { status, phrase } = await session.request('People', data, { timeoutMs: TIMEOUT_MS });
    // An older tracker does not want to know.
    return isSuccess(status) || phrase === 'INVALID_COMMAND';
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
