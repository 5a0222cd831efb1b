// The presence of this terminal's user: online, away after some time without activity, or not to be disturbed. Other terminals
// of the account report for themselves.
import pLimit from 'p-limit';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { PresenceState } from '../../../core/protocol/operations.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Schedule } from '../../../core/time/clock.js';
import type { Session } from '../../session/port.js';

export interface OwnPresenceParts {
  readonly session: Pick<Session, 'state' | 'request'>;
  readonly schedule: Schedule;
  readonly isDnd: () => boolean;
  /** Whether a program uses this terminal. It is then never away. False by default. */
  readonly isBot?: boolean;
}

export interface OwnPresenceEvents {
  /** Emitted with the present state after each report to the tracker, whether it succeeded or not. */
  reported: PresenceState;
}

export interface OwnPresence {
  readonly events: Subscribable<OwnPresenceEvents>;
  /** Notes an activity of the user at this terminal. */
  active(): void;
  /** Reports the present state to the tracker; false if the tracker cannot be reached. */
  report(): Promise<boolean>;
  close(): void;
}

/** A user without activity for this long is away. */
export const AWAY_MS = 600_000;
const TIMEOUT_MS = 2_000;

export function createOwnPresence({
  session,
  schedule,
  isDnd,
  isBot = false,
}: OwnPresenceParts): OwnPresence {
  const events = createEmitter<OwnPresenceEvents>();
  // Reports go out in order, because the tracker keeps the last one.
  const inTurn = pLimit(1);
  let isAway = false;
  let cancel = awayLater();

  const state = (): PresenceState => (isDnd() ? 'dnd' : isAway ? 'away' : 'online');

  function report(): Promise<boolean> {
    return inTurn(async () => {
      const isReported = session.state.state === 'online' && (await reportToTracker());
      await events.emit('reported', state());
      return isReported;
    });
  }

  async function reportToTracker(): Promise<boolean> {
    const data = { operation: 'STATE', state: state(), ...(isBot && { bot: true }) };
    const { status, phrase } = await session.request('People', data, { timeoutMs: TIMEOUT_MS });
    // An older tracker does not know the operation.
    return isSuccess(status) || phrase === 'INVALID_COMMAND';
  }

  function awayLater(): () => void {
    return isBot ? () => undefined : schedule(AWAY_MS, goAway);
  }

  function goAway(): void {
    isAway = true;
    void report();
  }

  return {
    events,
    active() {
      cancel();
      cancel = awayLater();
      if (!isAway) return;
      isAway = false;
      void report();
    },
    report,
    close: () => cancel(),
  };
}
