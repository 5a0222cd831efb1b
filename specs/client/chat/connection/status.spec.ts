import test from 'ava';
import Emittery from 'emittery';
import { createConnectionStatus } from '../../../../client/chat/connection/status.js';
import { createWhy } from '../../../../client/chat/diagnostics/why.js';
import type { Session, SessionEvents, SessionState } from '../../../../client/session/port.js';

const never = (): never => {
  throw new Error('this spec sends no request');
};

function scene(state: SessionState) {
  const session: Session = {
    events: new Emittery<SessionEvents>(),
    state,
    identity: null,
    trackerKey: Buffer.alloc(32),
    register: never,
    login: never,
    logout: never,
    called: never,
    changePassword: never,
    request: never,
    brokerTrip: never,
    recheck: never,
    close: never,
  };
  const told: unknown[] = [];
  const why = createWhy({ now: () => 0 }, () => null);
  const connectionStatus = createConnectionStatus(session, why, (_, event) => void told.push(event));
  return { told, connectionStatus, why };
}

test('connection status: given a failed login, then the guest state is not reported again', (t) => {
  const guest: SessionState = { state: 'guest', reason: 'Nobody is logged in here.' };
  const { told, connectionStatus } = scene(guest);
  connectionStatus.changed({ state: 'authenticating', reason: 'Logging in.' });
  connectionStatus.changed(guest);
  t.deepEqual(told, []);
  connectionStatus.changed({ state: 'online', reason: 'Logged in as alice.' });
  t.deepEqual(told, [{ state: 'online', reason: 'Logged in as alice.' }]);
  t.deepEqual(connectionStatus.shown, told[0]);
});

test('connection status: given a tracker that is unreachable from the start, then /why explains that', (t) => {
  const reason = 'The broker at 127.0.0.1:1 cannot be reached.';
  const { why, told } = scene({ state: 'reconnecting', reason });
  t.like(why.explain().data, { event: 'disconnected', reason });
  t.deepEqual(told, []);
});

test('connection status: given a logout, then it is reported once', (t) => {
  const { told, connectionStatus } = scene({ state: 'online', reason: 'Logged in as alice.' });
  const reason = 'alice is logged out.';
  connectionStatus.changed({ state: 'connecting', reason });
  t.is(connectionStatus.shown.state, 'connecting');
  connectionStatus.changed({ state: 'guest', reason });
  t.deepEqual(told, [{ state: 'guest', reason }]);
});
