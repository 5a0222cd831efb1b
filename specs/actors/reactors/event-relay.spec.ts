import test, { type ExecutionContext } from 'ava';
import { runEventRelay } from '../../../actors/reactors/event-relay.js';
import { spell } from '../../../core/bus/broker/version.js';
import type { Bus } from '../../../core/bus/bus.js';
import { createEventRelay } from '../../../core/bus/event-relay.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { append, event } from '../../core/events/samples.js';
import { type Engine, openEngine } from '../../core/events/temporary.js';
import { everyNats, testBroker } from '../../support/bus/broker.js';
import { api, lengthOf, published } from '../../support/bus/events-stream.js';
import { until } from '../../support/until.js';
import { memoryStoppedStreams } from '../../core/events/stopped-streams.js';

function publish(
  t: ExecutionContext,
  bus: Bus,
  { store }: Pick<Engine, 'store'>,
  stopped = memoryStoppedStreams(),
) {
  const progress: { reached: number; problem: string | null } = { reached: 0, problem: null };
  const stopping = new AbortController();
  const running = runEventRelay({
    store,
    relay: createEventRelay(bus),
    onStatus: (listener) => bus.onStatus(listener),
    log: silentLog,
    schedule: keepAliveSchedule,
    stopped,
    signal: stopping.signal,
    retryMs: 20,
    onReached: (reached) => Object.assign(progress, { reached, problem: null }),
    onFailed: (problem) => Object.assign(progress, { problem }),
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  t.teardown(stop);
  return { stop, progress };
}

async function write({ store }: Pick<Engine, 'store'>, stream: string, from: number, to: number) {
  for (let version = from; version < to; version += 1) {
    await store.append(
      append(stream, version, { events: [event('Happened', { personal: { name: 'Ann' } })] }),
    );
  }
}

async function equalToLog(t: ExecutionContext, bus: Bus, { store }: Pick<Engine, 'store'>): Promise<void> {
  const { position } = await store.head();
  await until(async () => (await lengthOf(bus)) >= position, 'the stream is as long as the log');
  const log = await store.readRows({ fromPosition: 1, limit: 100_000 });
  t.deepEqual(
    (await published(bus)).map(({ position: at, id, hash }) => ({ at, id, hash })),
    log.map((row) => ({ at: String(row.position), id: `${row.stream}/${row.version}`, hash: row.hash })),
  );
}

test('event relay: an event is a CloudEvent on the subject of its aggregate, without its personal part', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const engine = await openEngine(t);
  publish(t, bus, engine);
  await write(engine, 'room-A1', 0, 1);
  await until(async () => (await lengthOf(bus)) === 1, 'the event');
  const [first] = await published(bus);
  const [row] = await engine.store.readAll({ fromPosition: 1, limit: 1 });
  t.deepEqual(first, {
    on: 'events.room.A1',
    specversion: '1.0',
    id: 'room-A1/1',
    source: '/partyline/tracker',
    type: 'partyline.Happened',
    subject: 'room-A1',
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    data: { what: 'Happened' },
    position: '1',
    streamversion: 1,
    schemaversion: 1,
    hash: row?.hash ?? '',
    correlationid: 'c-1',
    actor: 'ann',
  });
});

test('event relay: existing and new events are published in order, and a later start continues after them', async (t) => {
  for (const nats of await everyNats()) {
    const { tracker } = await testBroker(t, { nats });
    const bus = await tracker();
    const engine = await openEngine(t);
    await write(engine, 'room-A1', 0, 250);
    const first = publish(t, bus, engine);
    await Promise.all(Array.from({ length: 100 }, (_, n) => write(engine, `account-${n}`, 0, 2)));
    await first.stop();
    await write(engine, 'room-A1', 250, 300);
    publish(t, bus, engine);
    await equalToLog(t, bus, engine);
    t.log(spell(nats.version));
  }
});

test('event relay: given a stream that was deleted or emptied, then it is refilled', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const engine = await openEngine(t);
  const { stop } = publish(t, bus, engine);
  await write(engine, 'room-A1', 0, 30);
  await equalToLog(t, bus, engine);
  await api(bus, 'DELETE');
  await write(engine, 'room-A1', 30, 31);
  await equalToLog(t, bus, engine);
  await stop();
  await api(bus, 'PURGE');
  publish(t, bus, engine);
  await equalToLog(t, bus, engine);
});

test('event relay: given a stream that ends with an invalid event, then it is refilled', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const engine = await openEngine(t);
  await write(engine, 'room-A1', 0, 10);
  const first = publish(t, bus, engine);
  await equalToLog(t, bus, engine);
  await first.stop();
  bus.publish('events.room.A1', Buffer.from('hello'));
  await bus.flush();
  publish(t, bus, engine);
  await until(async () => (await lengthOf(bus)) === 10, 'the stream to begin anew');
  await equalToLog(t, bus, engine);
});

test('event relay: given the stream of another log, or of a later state of this one, then it is refilled', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const later = await openEngine(t);
  const before = publish(t, bus, later);
  await write(later, 'room-A1', 0, 20);
  await equalToLog(t, bus, later);
  await before.stop();
  const restored = await openEngine(t);
  await write(restored, 'room-A1', 0, 10);
  publish(t, bus, restored);
  await until(async () => (await lengthOf(bus)) === 10, 'the shorter stream');
  await equalToLog(t, bus, restored);
});

test('event relay: given a second relay on the same log, then the stream has each event once', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const engine = await openEngine(t);
  publish(t, bus, engine);
  publish(t, await tracker({ inboxPrefix: '_INBOX_second' }), engine);
  await Promise.all(Array.from({ length: 50 }, (_, n) => write(engine, `room-${n}`, 0, 4)));
  await equalToLog(t, bus, engine);
});

test('event relay: given a broker that is killed while it publishes, then the stream equals the log', async (t) => {
  for (const nats of await everyNats()) {
    const { tracker, broker } = await testBroker(t, { nats });
    const bus = await tracker();
    const engine = await openEngine(t);
    publish(t, bus, engine);
    for (let kill = 0; kill < 3; kill += 1) {
      const pid = await until(() => bus.isConnected && broker.pid, 'the broker');
      const writing = write(engine, `room-${kill}`, 0, 300);
      await until(() => bus.isConnected, 'the connection');
      process.kill(pid, 'SIGKILL');
      await writing;
      await until(() => broker.pid !== pid && broker.pid > 0, 'the next broker');
    }
    await until(() => bus.isConnected, 'the connection');
    await equalToLog(t, bus, engine);
  }
});

test('event relay: given a store of the broker that is full, then the reason is reported, and when it has space again, then the stream equals the log', async (t) => {
  const { tracker } = await testBroker(t);
  const bus = await tracker();
  const engine = await openEngine(t);
  const { progress } = publish(t, bus, engine);
  await write(engine, 'room-A1', 0, 10);
  await equalToLog(t, bus, engine);
  const limit = (maxBytes: number) =>
    api(bus, 'UPDATE', {
      name: 'EVENTS',
      subjects: ['events.>'],
      retention: 'limits',
      storage: 'file',
      discard: 'new',
      max_bytes: maxBytes,
    });
  await limit(1);
  await write(engine, 'room-A1', 10, 40);
  await until(() => /maximum bytes exceeded/.test(progress.problem ?? ''), "the broker's reason");
  t.is(progress.reached, 10);
  await limit(-1);
  await equalToLog(t, bus, engine);
  t.deepEqual(progress, { reached: 40, problem: null });
});

const unpublishable: readonly (readonly [string, (engine: Engine) => Promise<unknown>, string, RegExp])[] = [
  [
    'whose stream is no subject',
    ({ store }) => store.append(append('no subject', 0)),
    'no subject',
    /cannot be part of a subject/,
  ],
  [
    'that is too long for a message',
    ({ store }) =>
      store.append(
        append('room-long', 0, { events: [event('Happened', { payload: { text: 'x'.repeat(2 ** 20) } })] }),
      ),
    'room-long',
    /has \d+ bytes/,
  ],
];
for (const [what, appendBad, stream, reason] of unpublishable) {
  test(`event relay: given an event ${what}, then its stream is stopped, and the others are published, also after a restart`, async (t) => {
    const { tracker } = await testBroker(t);
    const bus = await tracker();
    const engine = await openEngine(t);
    const stopped = memoryStoppedStreams();
    const { stop, progress } = publish(t, bus, engine, stopped);
    await write(engine, 'room-A1', 0, 2);
    await Promise.all([write(engine, 'room-A1', 2, 3), appendBad(engine), write(engine, 'room-B2', 0, 2)]);
    await until(() => progress.reached === 6, 'the end of the log');
    const expected = (await engine.store.readRows({ fromPosition: 1, limit: 100 }))
      .filter((row) => row.stream !== stream)
      .map((row) => `${row.stream}/${row.version}`);
    t.deepEqual(
      (await published(bus)).map(({ id }) => id),
      expected,
    );
    const [entry, ...others] = await stopped.load('events');
    t.like(entry, { stream });
    t.regex(entry?.reason ?? '', reason);
    t.deepEqual(others, []);
    await stop();
    const again = publish(t, bus, engine, stopped);
    await write(engine, 'room-A1', 3, 4);
    await until(() => again.progress.reached === 7, 'the end of the log');
    t.is((await published(bus)).length, 6);
    t.is((await stopped.load('events')).length, 1);
    t.is(again.progress.problem, null);
  });
}
