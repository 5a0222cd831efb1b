import test from 'ava';
import { createActor, SimulatedClock } from 'xstate';
import { failure } from '../../../../client/links/failure.js';
import { BACKOFF_MAX_MS, BACKOFF_MIN_MS } from '../../../../client/links/limits.js';
import {
  type LinkAttempt,
  backoffMs,
  type Driver,
  type LinkEvent,
  linkMachine,
} from '../../../../client/links/link/machine.js';

const attempt: LinkAttempt = { at: 0, carrier: 'tcp', via: '127.0.0.1:1', failure: null };
const unreachable = failure('unreachable');

const introduced: LinkEvent = { type: 'INTRODUCED' };
const connected: LinkEvent = { type: 'CONNECTED', attempt };
const forgotten: LinkEvent = { type: 'FORGOTTEN' };
const tried: LinkEvent = { type: 'TRIED', attempt: { ...attempt, failure: unreachable } };
const failed: LinkEvent = { type: 'FAILED', at: 7, failure: unreachable, draw: 0 };
const lost = (wasUseful: boolean): LinkEvent => ({
  type: 'LOST',
  at: 7,
  failure: failure('closed'),
  wasUseful,
  draw: 0,
});

function start(dials: boolean) {
  const clock = new SimulatedClock();
  let dialling = 0;
  let begun = 0;
  let improving = 0;
  const driver: Driver = {
    dial() {
      dialling += 1;
      begun += 1;
      return () => {
        dialling -= 1;
      };
    },
    improve() {
      improving += 1;
      return () => {
        improving -= 1;
      };
    },
  };
  const actor = createActor(linkMachine, { input: { dials, driver }, clock }).start();
  return {
    clock,
    send: (...events: readonly LinkEvent[]) => {
      for (const event of events) actor.send(event);
    },
    state: () => actor.getSnapshot().value,
    context: () => actor.getSnapshot().context,
    isDialling: () => dialling > 0,
    isImproving: () => improving > 0,
    begun: () => begun,
  };
}

type State = 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';

const cases: readonly (readonly [string, boolean, readonly LinkEvent[], State])[] = [
  ['the side that dials, when the device is introduced, then it dials', true, [introduced], 'dialing'],
  ['the side that waits, when the device is introduced, then it waits', false, [introduced], 'idle'],
  ['the side that waits, when the peer connects, then it is open', false, [introduced, connected], 'open'],
  ['a dialling, when it connects, then it is open', true, [introduced, connected], 'open'],
  ['a dialling, when all routes fail, then it waits to redial', true, [introduced, tried, failed], 'waiting'],
  [
    'a waiting link, when introduced again, then it dials at once',
    true,
    [introduced, failed, introduced],
    'dialing',
  ],
  ['a waiting link, when the peer connects, then it is open', true, [introduced, failed, connected], 'open'],
  [
    'an open link, when lost on the dialling side, then it waits to redial',
    true,
    [introduced, connected, lost(true)],
    'waiting',
  ],
  [
    'an open link, when lost on the other side, then it waits for the peer',
    false,
    [connected, lost(true)],
    'idle',
  ],
  [
    'an open link, when introduced again, then it stays open',
    true,
    [introduced, connected, introduced],
    'open',
  ],
  [
    'an open link, when another carrier takes its place, then it stays open',
    false,
    [connected, connected],
    'open',
  ],
  ['a dialling, when forgotten, then it is closed', true, [introduced, forgotten], 'closed'],
  ['an open link, when forgotten, then it is closed', false, [connected, forgotten], 'closed'],
];

for (const [title, dials, events, state] of cases)
  test(`link machine: given ${title}`, (t) => {
    const link = start(dials);
    link.send(...events);
    t.is(link.state(), state);
    t.is(link.isDialling(), state === 'dialing');
    t.is(link.context().open !== null, state === 'open');
  });

test('link machine: given failures in a row, then the delay before a redial doubles up to a limit', (t) => {
  const link = start(true);
  link.send(introduced);
  for (const expectedMs of [200, 400, 800, 1_600, 3_200, 5_000, 5_000]) {
    link.send(failed);
    const begun = link.begun();
    link.clock.increment(expectedMs - 1);
    t.is(link.begun(), begun);
    link.clock.increment(1);
    t.is(link.state(), 'dialing');
  }
});

test('link machine: given a lost connection, then the redial is quick if it was useful, and slower otherwise', (t) => {
  const link = start(true);
  link.send(introduced, failed, introduced, connected, lost(true));
  t.is(link.context().backoffMs, BACKOFF_MIN_MS);
  link.clock.increment(BACKOFF_MIN_MS);
  link.send(connected, lost(false));
  t.is(link.context().backoffMs, BACKOFF_MIN_MS * 2);
});

test('link machine: given any number of failures and any draw, then the backoff stays within its bounds', (t) => {
  for (const failures of [1, 2, 5, 50, 5_000])
    for (const draw of [0, 0.5, 0.999])
      t.true(backoffMs(failures, draw) >= BACKOFF_MIN_MS / 2 && backoffMs(failures, draw) <= BACKOFF_MAX_MS);
});

test('link machine: given many attempts, then the last ones are kept with their reasons', (t) => {
  const link = start(true);
  link.send(introduced, ...Array.from({ length: 100 }, () => tried), connected);
  t.is(link.context().attempts.length, 16);
  t.is(link.context().attempts.at(-1)?.failure, null);
  t.is(link.context().attempts.at(-2)?.failure?.code, 'unreachable');
});

test('link machine: given an open connection, then better carriers are tried while it is open, and failures are kept', (t) => {
  const link = start(true);
  link.send(introduced, connected);
  t.true(link.isImproving());
  link.send(tried);
  t.is(link.state(), 'open');
  t.deepEqual(link.context().attempts.at(-1), tried.type === 'TRIED' ? tried.attempt : null);
  link.send(connected);
  t.true(link.isImproving());
  link.send(lost(true));
  t.false(link.isImproving());
});

test('link machine: given another choice of carrier, then the side that dials does so at once, and the other waits', (t) => {
  for (const [dials, state] of [
    [true, 'dialing'],
    [false, 'idle'],
  ] as const) {
    const link = start(dials);
    link.send(connected, { type: 'RECHOSEN' });
    t.is(link.state(), state);
    t.is(link.context().open, null);
    t.is(link.isDialling(), dials);
  }
});
