// The transitions of the state machine of a session.
import test from 'ava';
import { initialTransition, transition } from 'xstate';
import { type SessionFact, sessionMachine } from '../../../../client/session/connection/machine.js';
import type { SessionState } from '../../../../client/session/port.js';

const because = (type: Exclude<SessionFact['type'], 'AWAY_TOO_LONG'>): SessionFact => ({
  type,
  reason: type,
});
const tooLong: SessionFact = { type: 'AWAY_TOO_LONG' };
const online = [because('DEVICE_ADMITTED')];
const guest = [because('GUEST_ADMITTED')];
const authenticating = [...guest, because('AUTHENTICATION_BEGAN')];
const reconnecting = [...online, because('CONNECTION_LOST')];
const offline = [...reconnecting, tooLong];

type Case = [given: readonly SessionFact[], when: SessionFact, then: SessionState['state'], reason?: string];

const becomes = test.macro<Case>({
  exec(t, given, when, then, reason) {
    const [first] = initialTransition(sessionMachine, { reason: 'begin' });
    const state = [...given, when].reduce((now, fact) => transition(sessionMachine, now, fact)[0], first);
    t.is(state.value, then);
    t.is(state.context.reason, reason ?? ('reason' in when ? when.reason : state.context.reason));
  },
  title(_, given = [], when = tooLong, then) {
    const past = given.map(({ type }) => type).join(', ') || 'nothing yet';
    return `session: given ${past}, when ${when.type}, then ${then}`;
  },
});

test(becomes, [], because('GUEST_ADMITTED'), 'guest');
test(becomes, [], because('DEVICE_ADMITTED'), 'online');
test(becomes, [], because('AUTHENTICATION_BEGAN'), 'authenticating');
test(becomes, [], because('CONNECTION_LOST'), 'reconnecting');
test(becomes, [], tooLong, 'offline', 'begin');

test(becomes, guest, because('AUTHENTICATION_BEGAN'), 'authenticating');
test(becomes, guest, because('CONNECTION_LOST'), 'reconnecting');
test(becomes, guest, tooLong, 'guest', 'GUEST_ADMITTED');

test(becomes, authenticating, because('AUTHENTICATION_REFUSED'), 'guest');
test(becomes, authenticating, because('DEVICE_ADMITTED'), 'online');
test(becomes, authenticating, because('CONNECTION_LOST'), 'reconnecting');
test(becomes, authenticating, because('IDENTITY_FORGOTTEN'), 'connecting');
test(becomes, authenticating, tooLong, 'authenticating', 'AUTHENTICATION_BEGAN');
test(becomes, [...authenticating, tooLong], because('CONNECTION_LOST'), 'offline');

test(becomes, online, because('CONNECTION_LOST'), 'reconnecting');
test(becomes, online, because('IDENTITY_FORGOTTEN'), 'connecting');
test(becomes, online, because('GUEST_ADMITTED'), 'online', 'DEVICE_ADMITTED');
test(becomes, online, because('AUTHENTICATION_BEGAN'), 'online', 'DEVICE_ADMITTED');
test(becomes, online, because('AUTHENTICATION_REFUSED'), 'online', 'DEVICE_ADMITTED');
test(becomes, online, tooLong, 'online', 'DEVICE_ADMITTED');

test(becomes, reconnecting, because('DEVICE_ADMITTED'), 'online');
test(becomes, reconnecting, because('GUEST_ADMITTED'), 'guest');
test(becomes, reconnecting, because('AUTHENTICATION_BEGAN'), 'authenticating');
test(becomes, reconnecting, because('IDENTITY_FORGOTTEN'), 'connecting');
test(becomes, reconnecting, tooLong, 'offline', 'CONNECTION_LOST');

test(becomes, offline, because('CONNECTION_LOST'), 'offline');
test(becomes, offline, because('DEVICE_ADMITTED'), 'online');
test(becomes, offline, because('AUTHENTICATION_BEGAN'), 'authenticating');
test(becomes, [...offline, because('DEVICE_ADMITTED')], because('CONNECTION_LOST'), 'reconnecting');
