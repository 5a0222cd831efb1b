import test, { type ExecutionContext } from 'ava';
import { createHost } from '../../../core/actor/host.js';
import { UnreadableStreamError } from '../../../core/events/unhandled.js';
import { createSqlSnapshots, type Snapshots } from '../../../core/events/sql/snapshots.js';
import type { EventStore, StreamSlice } from '../../../core/events/store.js';
import { silentLog } from '../../../core/log.js';
import { append, event, handClock, seals } from '../events/samples.js';
import { type Engine, openEngine } from '../events/temporary.js';
import { loanDesk } from './loan-desk.js';
import { borrow, plain } from './given.js';

const metadata = {
  account: null,
  device: null,
  commandId: 'c',
  correlationId: 'c',
  causationId: null,
  traceparent: null,
};

/** A desk whose readers come and go, with a stream of `length` events. */
async function busyDesk(t: ExecutionContext, length: number): Promise<Engine> {
  const engine = await openEngine(t);
  const events = [event('DeskOpened', { payload: { copies: 10 }, personal: { title: 'Solaris' } })];
  for (let n = 0; events.length < length; n += 1) {
    events.push(event('Lent', { schemaVersion: 2, payload: { reader: `reader ${n}`, dueAt: n } }));
    if (n >= 5) events.push(event('Returned', { payload: { reader: `reader ${n - 5}` } }));
  }
  for (let version = 0; version < length; version += 1_000) {
    const some = events.slice(version, Math.min(version + 1_000, length));
    await engine.store.append(append('desk-d1', version, { events: some }));
  }
  return engine;
}

function watched(store: EventStore) {
  const slices: StreamSlice[] = [];
  const readStream: EventStore['readStream'] = (stream, slice) => {
    slices.push(slice);
    return store.readStream(stream, slice);
  };
  return { store: { ...store, readStream }, slices };
}

const snapshotsOf = ({ database, writer }: Engine): Snapshots =>
  createSqlSnapshots(database.reads, writer, seals, silentLog);

const hostOn = (store: EventStore, snapshots?: Snapshots, aggregate: typeof loanDesk = loanDesk) =>
  createHost({ store, aggregates: [aggregate], clock: handClock(), ...(snapshots && { snapshots }) });

const lend = (host: ReturnType<typeof hostOn>, reader: string) =>
  host.send({ kind: 'desk', id: 'd1', command: borrow(reader), metadata });

test('waking: a long stream is read in slices', async (t) => {
  const { store, slices } = watched((await busyDesk(t, 2_100)).store);
  await hostOn(store).peek('desk', 'd1');
  t.deepEqual(
    slices.map(({ fromVersion }) => fromVersion),
    [1, 501, 1_001, 1_501, 2_001],
  );
});

test('waking: given a snapshot, then only later events are read, and the state is the same', async (t) => {
  const engine = await busyDesk(t, 1_000);
  const first = hostOn(engine.store, snapshotsOf(engine));
  await lend(first, 'ann');
  await engine.writer.drain();
  await lend(first, 'bob');
  const { store, slices } = watched(engine.store);
  const second = hostOn(store, snapshotsOf(engine));
  const replayed = await hostOn(engine.store).peek('desk', 'd1');
  t.deepEqual(plain(await second.peek('desk', 'd1')), plain(replayed));
  t.deepEqual(
    slices.map(({ fromVersion }) => fromVersion),
    [1_002],
  );
  t.like(await lend(second, 'cid'), { kind: 'done', version: 1_003 });
});

test('waking: a new snapshot is stored after 200 events, and not before', async (t) => {
  const engine = await busyDesk(t, 100);
  const kept: number[] = [];
  const snapshots: Snapshots = { load: async () => null, keep: (_, { version }) => void kept.push(version) };
  const host = hostOn(engine.store, snapshots);
  for (let n = 0; n < 350; n += 1) await lend(host, `new reader ${n}`);
  t.deepEqual(kept, [200, 400]);
});

test('waking: given a snapshot of another machine version, or one that is not a state, then it is ignored', async (t) => {
  const engine = await busyDesk(t, 300);
  const snapshots = snapshotsOf(engine);
  await lend(hostOn(engine.store, snapshots), 'ann');
  await engine.writer.drain();
  t.like(await snapshots.load('desk-d1', 1), { machineVersion: 1, version: 301 });
  t.is(await snapshots.load('desk-d1', 2), null);

  const later: typeof loanDesk = { ...loanDesk, machineVersion: 2 };
  const truth = plain(await hostOn(engine.store).peek('desk', 'd1'));
  t.deepEqual(plain(await hostOn(engine.store, snapshots, later).peek('desk', 'd1')), truth);
  for (const state of [
    'no JSON',
    '[]',
    '{}',
    '{"value":"nowhere","context":{}}',
    '{"value":7,"context":{}}',
  ]) {
    await engine.writer.write((sql) => sql.run('UPDATE snapshots SET state = ?', [state]));
    t.deepEqual(plain(await hostOn(engine.store, snapshots).peek('desk', 'd1')), truth, state);
  }
});

test('waking: given an event in an older schema, then it is read in the current one', async (t) => {
  const { store } = await openEngine(t);
  const events = [
    event('DeskOpened', { payload: { copies: 1 }, personal: { title: 'Solaris' } }),
    event('Lent', { schemaVersion: 1, payload: { reader: 'ann', due: '2026-01-31T00:00:00Z' } }),
  ];
  await store.append(append('desk-d1', 0, { events }));
  const host = hostOn(store);
  const { context } = await host.peek('desk', 'd1');
  t.deepEqual(context.loans, [{ reader: 'ann', dueAt: Date.UTC(2026, 0, 31) }]);
  t.like(await lend(host, 'ann'), { kind: 'done', version: 2, events: [] });
  t.deepEqual((await store.readAll({ fromPosition: 2, limit: 1 }))[0]?.payload, {
    reader: 'ann',
    due: '2026-01-31T00:00:00Z',
  });
});

test('waking: given an event of a newer program, then the aggregate stops and does not misread it', async (t) => {
  const { store } = await openEngine(t);
  await store.append(append('desk-d1', 0, { events: [event('DeskOpened', { schemaVersion: 2 })] }));
  const error = await t.throwsAsync(hostOn(store).peek('desk', 'd1'), { instanceOf: UnreadableStreamError });
  t.regex(error.message, /DeskOpened has version 2/);
  t.like(error, { stream: 'desk-d1', version: 1 });
});
