// How the session's states appear to a user: what is passing or said already is left out, and a loss is remembered for
// `/why`.
import { isDeepStrictEqual } from 'node:util';
import { statusOf } from '../../../core/protocol/status.js';
import type { Session, SessionState } from '../../session/port.js';
import type { SessionChange } from '../events.js';
import type { Tell } from '../peers/peers.js';
import type { Why } from '../diagnostics/why.js';

export interface ConnectionStatus {
  readonly shown: SessionChange;
  changed(state: SessionState): void;
}

export function createConnectionStatus(session: Session, why: Why, tell: Tell): ConnectionStatus {
  let shown: SessionChange = changeOf(session.state) ?? { state: 'connecting', reason: session.state.reason };
  // It may have found nobody before there was anybody to tell.
  remember(shown);
  return {
    get shown() {
      return shown;
    },
    changed(state) {
      const change = changeOf(state);
      if (change === null || isDeepStrictEqual(change, shown)) return;
      shown = change;
      // Who has just been logged out connects as a guest, who is told the same.
      if (change.state === 'connecting') return;
      tell('session', change);
      remember(change);
    },
  };

  function remember({ state, reason }: SessionChange): void {
    if (state !== 'reconnecting' && state !== 'offline') return;
    const { remedy } = statusOf(5, 'UNAVAILABLE');
    why.note({ event: 'disconnected', by: null, reason, remedy });
  }
}

// While it authenticates, a terminal is still what it was.
function changeOf({ state, reason }: SessionState): SessionChange | null {
  return state === 'authenticating' ? null : { state, reason };
}
