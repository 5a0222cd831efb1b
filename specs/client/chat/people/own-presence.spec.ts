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

test('availability: given nothing done for ten minutes, then the tracker is told away, and online with the next deed', async (t) => {
  const { timers, told, ownPresence } = scene();
  t.deepEqual(timers.delays(), [AWAY_MS]);
  ownPresence.active();
  t.deepEqual(timers.delays(), [AWAY_MS], 'the time begins anew');
  timers.elapse();
  await until(() => told.length === 1, 'being told');
  t.deepEqual(told, [{ operation: 'STATE', state: 'away' }]);
  ownPresence.active();
  ownPresence.active();
  await until(() => told.length === 2, 'being told');
  t.deepEqual(states(told), ['away', 'online']);
  ownPresence.close();
  t.deepEqual(timers.delays(), []);
});

test('availability: given do not disturb, then that is told, whoever is away', async (t) => {
  const { timers, told, passedOn, mood, ownPresence } = scene();
  mood.isDnd = true;
  t.true(await ownPresence.report());
  t.deepEqual(
    passedOn,
    [{ state: 'dnd', asked: 1 }],
    'the tracker first: who is told and asks it finds the same',
  );
  timers.elapse();
  await until(() => told.length === 2, 'being told');
  mood.isDnd = false;
  await ownPresence.report();
  t.deepEqual(states(told), ['dnd', 'dnd', 'away']);
});

test('availability: given no session, then nothing is asked; given an older tracker, then it counts as told', async (t) => {
  const offline = scene();
  offline.session.state = { state: 'reconnecting', reason: '' };
  t.false(await offline.ownPresence.report());
  t.deepEqual(offline.told, []);
  t.deepEqual(offline.passedOn, [{ state: 'online', asked: 0 }], 'others may be linked all the same');
  t.true(await scene('INVALID_COMMAND').ownPresence.report());
  t.false(await scene('UNAVAILABLE').ownPresence.report());
});
