import test from 'ava';
import type { RecordedEvent } from '../../../core/events/event.js';
import { createRecent } from '../../../core/events/recent.js';
import { follow } from '../../../core/events/subscription.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { append } from './samples.js';
import { openEngine } from './temporary.js';
import { memoryStoppedStreams } from './stopped-streams.js';

const all = { fromPosition: 1, limit: 100 };
const positions = (events: readonly RecordedEvent[]) => events.map(({ position }) => position);

test('recent: appended events are available as the log has them, from any position', async (t) => {
  const { store } = await openEngine(t);
  t.deepEqual(store.recent(all), []);
  for (let version = 0; version < 5; version += 1) await store.append(append('a', version));
  t.deepEqual(store.recent(all), await store.readAll(all));
  t.deepEqual(positions(store.recent({ fromPosition: 3, limit: 2 })), [3, 4]);
  t.deepEqual(store.recent({ fromPosition: 6, limit: 10 }), []);
});

test('recent: refused or rolled-back events are not available', async (t) => {
  const { store } = await openEngine(t);
  await store.append(append('a', 0));
  t.is((await store.append(append('a', 0))).kind, 'conflict');
  const reservations = [{ action: 'claim', kind: 'name', name: 'lamp\0oil', owner: 'ann' }] as const;
  await t.throwsAsync(store.append(append('a', 1, { reservations })));
  t.deepEqual(positions(store.recent(all)), [1]);
});

test('recent: given a gap, then only the events after it are available', (t) => {
  const recent = createRecent(10);
  recent.add([at(1), at(2)]);
  recent.add([]);
  recent.add([at(4)]);
  recent.add([at(5)]);
  t.deepEqual(recent.read(all), []);
  t.deepEqual(recent.read({ fromPosition: 3, limit: 9 }), []);
  t.deepEqual(positions(recent.read({ fromPosition: 4, limit: 9 })), [4, 5]);
});

test('recent: it keeps the last events, and few more than its limit', (t) => {
  const recent = createRecent(10);
  for (let position = 1; position <= 500; position += 1) recent.add([at(position)]);
  t.deepEqual(recent.read({ fromPosition: 480, limit: 100 }), []);
  t.deepEqual(positions(recent.read({ fromPosition: 495, limit: 3 })), [495, 496, 497]);
});

test('recent: given two writers on one log, then a follower still receives every event once and in order', async (t) => {
  const one = await openEngine(t);
  const other = await openEngine(t, { file: one.file });
  const seen: number[] = [];
  const stopping = new AbortController();
  const following = follow(one.store, {
    name: 'spec',
    checkpoints: { load: async () => 0, save: async () => undefined },
    handle: async ({ position }) => void seen.push(position),
    stopped: memoryStoppedStreams(),
    signal: stopping.signal,
    log: silentLog,
    schedule: keepAliveSchedule,
    pollMs: 5,
    saveAfterMs: 5,
  });
  for (let version = 0; version < 30; version += 1) {
    await (version % 3 === 0 ? other : one).store.append(append('a', version));
  }
  await until(() => seen.length >= 30, 'all thirty');
  stopping.abort();
  await following;
  t.deepEqual(
    seen,
    Array.from({ length: 30 }, (_, index) => index + 1),
  );
});

const at = (position: number): RecordedEvent => ({
  position,
  stream: 'a',
  version: position,
  type: 'Happened',
  schemaVersion: 1,
  payload: {},
  personal: null,
  salt: null,
  personalDigest: null,
  metadata: {
    account: null,
    device: null,
    command: null,
    commandId: 'c',
    correlationId: 'c',
    causationId: null,
    traceparent: null,
  },
  recordedAt: 0,
  hash: '',
});
