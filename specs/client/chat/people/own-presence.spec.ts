import test from 'ava';
import { AWAY_MS, createOwnPresence } from '../../../../client/chat/people/own-presence.js';
import type { SessionState } from '../../../../client/session/port.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import type { PresenceState } from '../../../../core/protocol/operations.js';
import { respond } from '../../../../core/protocol/envelope.js';
import { handTimers } from '../../../actors/timers.js';
import { until } from '../../../support/until.js';

function scene(phrase: 'STATE_NOTED' | 'INVALID_COMMAND' | 'UNAVAILABLE' = 'STATE_NOTED') {
  const timers = handTimers();
  const told: Json[] = [];
  const session = {
    state: { state: 'online', reason: '' } as SessionState,
    request: async (_: unknown, data: Json) => {
      told.push(data);
      const request = { id: commandIdSchema.parse(systemIds.next()), connection: 'TCP' } as const;
      return respond(request, 3, { phrase });
    },
  };
  const mood = { isDnd: false };
  const passedOn: { readonly state: PresenceState; readonly asked: number }[] = [];
  const ownPresence = createOwnPresence({
    session,
    schedule: timers.schedule,
    isDnd: () => mood.isDnd,
  });
  ownPresence.events.on('reported', (state) => void passedOn.push({ state, asked: told.length }));
  return { timers, told, passedOn, session, mood, ownPresence };
}

const states = (told: readonly Json[]) => told.map((data) => Reflect.get(Object(data), 'state') as unknown);

test('own presence: given ten minutes without activity, then "away" is reported, and "online" with the next activity', async (t) => {
  const { timers, told, ownPresence } = scene();
  t.deepEqual(timers.delays(), [AWAY_MS]);
  ownPresence.active();
  t.deepEqual(timers.delays(), [AWAY_MS], 'the timer restarts');
  timers.elapse();
  await until(() => told.length === 1, 'the state is reported');
  t.deepEqual(told, [{ operation: 'STATE', state: 'away' }]);
  ownPresence.active();
  ownPresence.active();
  await until(() => told.length === 2, 'the state is reported');
  t.deepEqual(states(told), ['away', 'online']);
  ownPresence.close();
  t.deepEqual(timers.delays(), []);
});

test('own presence: given do not disturb, then it is reported even without activity', async (t) => {
  const { timers, told, passedOn, mood, ownPresence } = scene();
  mood.isDnd = true;
  t.true(await ownPresence.report());
  t.deepEqual(
    passedOn,
    [{ state: 'dnd', asked: 1 }],
    'the tracker is told first, so that a peer who asks it gets the same state',
  );
  timers.elapse();
  await until(() => told.length === 2, 'the state is reported');
  mood.isDnd = false;
  await ownPresence.report();
  t.deepEqual(states(told), ['dnd', 'dnd', 'away']);
});

test('own presence: given no session, then no request is sent; given an older tracker, then its refusal counts as an answer', async (t) => {
  const offline = scene();
  offline.session.state = { state: 'reconnecting', reason: '' };
  t.false(await offline.ownPresence.report());
  t.deepEqual(offline.told, []);
  t.deepEqual(
    offline.passedOn,
    [{ state: 'online', asked: 0 }],
    'peers may be linked although the tracker is unreachable',
  );
  t.true(await scene('INVALID_COMMAND').ownPresence.report());
  t.false(await scene('UNAVAILABLE').ownPresence.report());
});
