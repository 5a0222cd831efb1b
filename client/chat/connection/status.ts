// The connection status shown to the user: passing and repeated states of the session are left out. `/why` explains a loss.
import { isDeepStrictEqual } from 'node:util';
import { statusOf } from '../../../core/protocol/status.js';
import type { Session, SessionState } from '../../session/port.js';
import type { Why } from '../diagnostics/why.js';
import type { SessionChange, Tell } from '../events.js';

export interface ConnectionStatus {
  readonly shown: SessionChange;
  changed(state: SessionState): void;
}

export function createConnectionStatus(
  session: Pick<Session, 'state'>,
  why: Pick<Why, 'note'>,
  tell: Tell,
): ConnectionStatus {
  let shown: SessionChange = changeOf(session.state) ?? { state: 'connecting', reason: session.state.reason };
  // The session may have failed to reach the tracker before this was created.
  noteLoss(session.state);
  return {
    get shown() {
      return shown;
    },
    changed(state) {
      const change = changeOf(state);
      if (change === null || isDeepStrictEqual(change, shown)) return;
      shown = change;
      // After a logout the terminal connects as a guest; the `guest` state that follows is enough.
      if (change.state === 'connecting') return;
      tell('session', change);
      noteLoss(state);
    },
  };

  function noteLoss({ state, reason, remedy = WAIT }: SessionState): void {
    if (state !== 'reconnecting' && state !== 'offline') return;
    why.note({ event: 'disconnected', by: null, reason, remedy });
  }
}

const WAIT = statusOf(5, 'UNAVAILABLE').remedy;

// While it authenticates, a terminal keeps its last status.
function changeOf({ state, reason }: SessionState): SessionChange | null {
  return state === 'authenticating' ? null : { state, reason };
}
