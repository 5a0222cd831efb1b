import test from 'ava';
import Emittery from 'emittery';
import { createConnection } from '../../../../client/chat/connection/status.js';
import { createWhy } from '../../../../client/chat/diagnostics/why.js';
import type { Session, SessionEvents, SessionState } from '../../../../client/session/port.js';

const never = (): never => {
  throw new Error('nothing is asked here');
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
  const connection = createConnection(session, why, (_, event) => void told.push(event));
  return { told, connection, why };
}

test('connection: given a login that failed, then being a guest is not told again', (t) => {
  const guest: SessionState = { state: 'guest', reason: 'Nobody is logged in here.' };
  const { told, connection } = scene(guest);
  connection.changed({ state: 'authenticating', reason: 'Logging in.' });
  connection.changed(guest);
  t.deepEqual(told, []);
  connection.changed({ state: 'online', reason: 'Logged in as alice.' });
  t.deepEqual(told, [{ state: 'online', reason: 'Logged in as alice.' }]);
  t.deepEqual(connection.shown, told[0]);
});

test('connection: given a tracker out of reach from the start, then that is what is explained', (t) => {
  const reason = 'The broker at 127.0.0.1:1 cannot be reached.';
  const { why, told } = scene({ state: 'reconnecting', reason });
  t.like(why.explain().data, { event: 'disconnected', reason });
  t.deepEqual(told, []);
});

test('connection: given a logout, then it is told once', (t) => {
  const { told, connection } = scene({ state: 'online', reason: 'Logged in as alice.' });
  const reason = 'alice is logged out.';
  connection.changed({ state: 'connecting', reason });
  t.is(connection.shown.state, 'connecting');
  connection.changed({ state: 'guest', reason });
  t.deepEqual(told, [{ state: 'guest', reason }]);
});
