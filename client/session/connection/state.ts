// The state of the session: runs the state machine, reports each change, and measures how long the session has no connection.
import { createActor } from 'xstate';
import { type SessionFact, sessionMachine } from './machine.js';
import type { SessionState } from '../port.js';
import type { Schedule } from '../../../core/time/clock.js';

export interface StateTracker {
  readonly state: SessionState;
  readonly tell: (fact: SessionFact) => void;
  /** Stops the state machine; the state no longer changes. */
  stop(): void;
}

/** A session that has no connection for this long counts as offline. */
const OVERDUE_MS = 30_000;

/** @param onChange receives each new state or reason */
export function createStateTracker(
  reason: string,
  schedule: Schedule,
  onChange: (state: SessionState) => void,
): StateTracker {
  const actor = createActor(sessionMachine, { input: { reason } }).start();
  let cancelWatch: (() => void) | null = null;
  let isStopped = false;
  let told = stateOf();

  function stateOf(): SessionState {
    const { value, context } = actor.getSnapshot();
    const { reason, remedy } = context;
    return remedy === null ? { state: value, reason } : { state: value, reason, remedy };
  }

  function watchAbsence(): void {
    const isBack = told.state === 'guest' || told.state === 'online';
    if (isBack) {
      cancelWatch?.();
      cancelWatch = null;
    } else {
      cancelWatch ??= schedule(OVERDUE_MS, () => actor.send({ type: 'AWAY_TOO_LONG' }));
    }
  }

  watchAbsence();
  actor.subscribe(() => {
    const now = stateOf();
    if (now.state === told.state && now.reason === told.reason) return;
    told = now;
    watchAbsence();
    onChange(now);
  });
  return {
    get state() {
      return told;
    },
    tell(fact) {
      if (!isStopped) actor.send(fact);
    },
    stop() {
      isStopped = true;
      cancelWatch?.();
      actor.stop();
    },
  };
}
