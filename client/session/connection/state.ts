// Where the session stands: runs the machine, tells the listeners each change, and notices an absence that lasts.
import { createActor } from 'xstate';
import { type SessionFact, sessionMachine } from './machine.js';
import type { SessionState } from '../port.js';
import type { Timers } from '../timers.js';

export interface Standing {
  readonly state: SessionState;
  readonly tell: (fact: SessionFact) => void;
  /** The state stays as it is from now on. */
  stop(): void;
}

/** An absence that lasts this long is called offline. */
const OVERDUE_MS = 30_000;

/** @param onChange told each new state or reason */
export function createStanding(
  reason: string,
  timers: Timers,
  onChange: (state: SessionState) => void,
): Standing {
  const actor = createActor(sessionMachine, { input: { reason } }).start();
  let cancelWatch: (() => void) | null = null;
  let isStopped = false;
  let told = stateOf();

  function stateOf(): SessionState {
    const { value, context } = actor.getSnapshot();
    return { state: value, reason: context.reason };
  }

  function watchAbsence(): void {
    const isBack = told.state === 'guest' || told.state === 'online';
    if (isBack) {
      cancelWatch?.();
      cancelWatch = null;
    } else {
      cancelWatch ??= timers.after(OVERDUE_MS, () => actor.send({ type: 'AWAY_TOO_LONG' }));
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
