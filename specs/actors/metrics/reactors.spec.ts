import test from 'ava';
import { unreadableRemedy } from '../../../core/events/unhandled.js';
import { watchReactors } from '../../../actors/metrics/reactors.js';
import { createMetrics } from '../../../core/metrics.js';

function scene() {
  const state = { now: 0, head: 10, position: 10 };
  const metrics = createMetrics();
  const reactors = watchReactors({
    store: { head: async () => ({ position: state.head, hash: '', signature: '' }) },
    stopped: { load: async () => [] },
    checkpoints: { load: async () => state.position },
    metrics,
    clock: { now: () => state.now },
  });
  reactors.add('notices');
  return { state, metrics, reactors };
}

test('reactors: a reactor without lag is healthy, even if no event arrives for long', async (t) => {
  const { state, reactors } = scene();
  t.is(await reactors.check(), null);
  state.now = 3_600_000;
  t.is(await reactors.check(), null);
  state.head = 12;
  t.is(await reactors.check(), null, 'what has only just happened may wait');
});

test('reactors: a reactor that moves is healthy, even if its lag is large', async (t) => {
  const { state, reactors } = scene();
  state.head = 1_000_000;
  for (let look = 0; look < 10; look += 1) {
    state.now += 59_000;
    state.position += 200;
    t.is(await reactors.check(), null);
  }
});

test('reactors: a reactor that does not move for a minute while events wait is reported until it moves', async (t) => {
  const { state, reactors } = scene();
  state.head = 12;
  t.is(await reactors.check(), null);
  state.now = 59_999;
  t.is(await reactors.check(), null);
  state.now = 60_000;
  t.is(await reactors.check(), 'notices has been at position 10 for 60 s; the log is at 12');
  state.position = 11;
  t.is(await reactors.check(), null);
});

test('reactors: the lag is shown by reactor', async (t) => {
  const { state, metrics } = scene();
  state.head = 17;
  t.regex(await metrics.text(), /partyline_reactor_lag_events\{reactor="notices"\} 7/);
});

test('reactors: a log that cannot be read is reported', async (t) => {
  const reactors = watchReactors({
    store: { head: () => Promise.reject(new Error('no disk')) },
    stopped: { load: async () => [] },
    checkpoints: { load: async () => 0 },
    metrics: createMetrics(),
    clock: { now: () => 0 },
  });
  reactors.add('notices');
  t.is(await reactors.check(), 'the log cannot be read: no disk');
});

test('reactors: a reactor that reports its own position is watched too, and its problem is named', async (t) => {
  const { state, metrics, reactors } = scene();
  const relay = { position: 10, problem: 'no space left on device' };
  reactors.add('events', () => relay);
  state.head = 12;
  state.position = 12;
  t.is(await reactors.check(), null);
  state.now = 60_000;
  t.is(
    await reactors.check(),
    'events has been at position 10 for 60 s; the log is at 12 (no space left on device)',
  );
  t.regex(await metrics.text(), /partyline_reactor_lag_events\{reactor="events"\} 2/);
});

test('reactors: stopped streams are a note that names them, and are counted by reactor', async (t) => {
  const metrics = createMetrics();
  const entries = [1, 2, 3, 4, 5].map((n) => ({
    stream: `room-${n}`,
    version: 1,
    position: n,
    reason: 'it is new',
  }));
  const reactors = watchReactors({
    store: { head: async () => ({ position: 10, hash: '', signature: '' }) },
    checkpoints: { load: async () => 10 },
    stopped: { load: async (name) => (name === 'notices' ? entries : []) },
    metrics,
    clock: { now: () => 0 },
  });
  reactors.add('departures');
  t.is(await reactors.streams(), null);
  reactors.add('notices');
  const named = [1, 2, 3].map((n) => `room-${n} at position ${n} (it is new)`).join(', ');
  t.deepEqual(await reactors.streams(), {
    note: `the reactor notices stopped handling ${named} and 2 more. ${unreadableRemedy(1)}`,
  });
  t.regex(await metrics.text(), /partyline_reactor_stopped_streams\{reactor="notices"\} 5/);
});
