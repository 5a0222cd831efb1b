import test, { type ExecutionContext } from 'ava';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { createSqlStoppedStreams } from '../../../core/events/sql/stopped-streams.js';
import type { RecordedEvent } from '../../../core/events/event.js';
import { type FollowOptions, follow } from '../../../core/events/subscription.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { UnknownEventError } from '../../../core/events/unhandled.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { append } from './samples.js';
import { type Engine, openEngine } from './temporary.js';

function start(t: ExecutionContext, engine: Engine, options: Partial<FollowOptions> = {}) {
  const seen: number[] = [];
  const checkpoints = createSqlCheckpoints(engine.database.reads, engine.writer);
  const controller = new AbortController();
  const handle = async ({ position }: RecordedEvent) => void seen.push(position);
  const common = {
    checkpoints,
    stopped: createSqlStoppedStreams(engine.database.reads, engine.writer),
    name: 'spec',
    handle,
    log: silentLog,
    schedule: keepAliveSchedule,
    saveAfterMs: 5,
  };
  const done = follow(engine.store, { ...common, signal: controller.signal, ...options });
  const stop = async () => {
    controller.abort();
    await done;
  };
  t.teardown(stop);
  return { seen, checkpoints, stop };
}

async function appendTo({ store }: Engine, stream: string, from: number, to: number): Promise<void> {
  for (let version = from; version < to; version += 1) await store.append(append(stream, version));
}

test('subscription: it handles existing and new events in order, and stores its position', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 3);
  const { seen, checkpoints } = start(t, engine, { pollMs: 60_000 });
  await until(() => seen.length === 3, 'the first three');
  await Promise.all(Array.from({ length: 300 }, (_, n) => engine.store.append(append(`s${n}`, 0))));
  await until(() => seen.length === 303, 'all that came later');
  t.deepEqual(
    seen,
    seen.map((_, index) => index + 1),
  );
  await until(async () => (await checkpoints.load('spec')) === 303, 'the checkpoint');
});

test('subscription: given a restart, then it continues after its checkpoint', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 3);
  const first = start(t, engine, { saveAfterMs: 60_000 });
  await until(() => first.seen.length === 3, 'the first three');
  t.is(await first.checkpoints.load('spec'), 0);
  await first.stop();
  t.is(await first.checkpoints.load('spec'), 3);
  await appendTo(engine, 'a', 3, 5);
  const second = start(t, engine);
  await until(() => second.seen.length === 2, 'the last two');
  t.deepEqual(second.seen, [4, 5]);
});

test('subscription: given a handler that fails, then the same event is delivered again and none is skipped', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 3);
  const tried: number[] = [];
  const logged: unknown[] = [];
  const handle = async ({ position }: RecordedEvent) => {
    tried.push(position);
    if (position === 2 && tried.length < 4) throw new Error('not now');
  };
  const log = silentLog.child({});
  log.error = (...args: unknown[]) => void logged.push(args[0]);
  start(t, engine, { handle, log });
  await until(() => tried.length === 5, 'the third event');
  t.deepEqual(tried, [1, 2, 2, 2, 3]);
  t.is(logged.length, 2);
  t.like(logged[0], { follower: 'spec', err: { message: 'not now' } });
});

test('subscription: given that it is stopped while its handler fails, then it ends and keeps its finished work', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 2);
  let attempts = 0;
  const handle = async ({ position }: RecordedEvent) => {
    attempts += 1;
    if (position === 2) throw new Error('never');
  };
  const { stop, checkpoints } = start(t, engine, { handle });
  await until(() => attempts >= 2, 'a failure');
  await stop();
  t.is(await checkpoints.load('spec'), 1);
});

test('subscription: events that another process wrote are found by polling', async (t) => {
  const engine = await openEngine(t);
  const other = await openEngine(t, { file: engine.file });
  const { seen } = start(t, engine, { pollMs: 10 });
  await appendTo(other, 'a', 0, 2);
  await until(() => seen.length === 2, 'the events of the other');
  t.deepEqual(seen, [1, 2]);
});

test('subscription: given a slice handler that fails, then the whole slice is delivered again, and the log continues in order', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 3);
  const slices: (readonly number[])[] = [];
  const { stop, checkpoints } = start(t, engine, {
    handleSlice: async (events) => {
      slices.push(events.map(({ position }) => position));
      if (slices.length === 1) throw new Error('not yet');
    },
  });
  await until(() => slices.length === 2, 'the slice again');
  t.deepEqual(slices, [
    [1, 2, 3],
    [1, 2, 3],
  ]);
  await appendTo(engine, 'a', 3, 4);
  await until(() => slices.length === 3, 'the next one');
  t.deepEqual(slices[2], [4]);
  await stop();
  t.is(await checkpoints.load('spec'), 4);
});

const stoppedIn = (engine: Engine) => createSqlStoppedStreams(engine.database.reads, engine.writer);
const refusing = (stream: string, seen: string[]) => async (event: RecordedEvent) => {
  if (event.stream === stream) throw new UnknownEventError('it is new');
  seen.push(`${event.stream}/${event.version}`);
};

const following = (
  kind: 'one by one' | 'in slices',
  handle: (event: RecordedEvent) => Promise<void>,
): Partial<FollowOptions> =>
  kind === 'one by one'
    ? { handle }
    : { handleSlice: async (events) => void (await Promise.all(events.map(handle))) };

for (const kind of ['one by one', 'in slices'] as const) {
  test(`subscription: given an event that cannot be handled ${kind}, then only its stream stops, and a later version continues it`, async (t) => {
    const engine = await openEngine(t);
    for (const stream of ['a', 'b', 'c']) await appendTo(engine, stream, 0, 2);
    const seen: string[] = [];
    const first = start(t, engine, following(kind, refusing('b', seen)));
    await until(() => seen.includes('c/2'), 'the events of the other streams');
    await appendTo(engine, 'b', 2, 3);
    await appendTo(engine, 'a', 2, 3);
    await until(() => seen.includes('a/3'), 'a later event');
    await first.stop();
    t.deepEqual([...new Set(seen)], ['a/1', 'a/2', 'c/1', 'c/2', 'a/3']);
    t.is(await first.checkpoints.load('spec'), 8);
    const entry = { stream: 'b', version: 1, position: 3, reason: 'it is new' };
    t.deepEqual(await stoppedIn(engine).load('spec'), [entry]);

    seen.length = 0;
    start(t, engine, following(kind, refusing('nothing', seen)));
    await until(async () => (await stoppedIn(engine).load('spec')).length === 0, 'the stopped stream');
    t.deepEqual(seen, ['b/1', 'b/2', 'b/3']);
  });
}

test('subscription: given a stream that was stopped while it ran, when its event can be handled again, then it continues', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 2);
  let isKnown = false;
  const seen: number[] = [];
  const handle = async ({ version }: RecordedEvent): Promise<void> => {
    if (!isKnown && version === 2) throw new UnknownEventError('it is new');
    seen.push(version);
  };
  start(t, engine, { handle, resumeMs: 5 });
  await until(async () => (await stoppedIn(engine).load('spec')).length === 1, 'the stop');
  isKnown = true;
  await until(() => seen.length === 2, 'the continuation');
  t.deepEqual(seen, [1, 2]);
});

test('subscription: given a crash after a stop and before the checkpoint, then no event before the stop is lost', async (t) => {
  const engine = await openEngine(t);
  await appendTo(engine, 'a', 0, 3);
  await stoppedIn(engine).stop('spec', { stream: 'a', version: 3, position: 3, reason: 'it is new' });
  const { seen } = start(t, engine);
  await until(() => seen.length === 3, 'all three events');
  t.deepEqual(seen, [1, 2, 3]);
});

const unreadable = [
  ['metadata that is not JSON', "metadata = 'no JSON'"],
  ['metadata without its fields', "metadata = '{}'"],
  ['a payload that is no object', "payload = '[]'"],
  ['a payload that is not text', 'payload = 7'],
  ['a version of its schema that is no number', "schema_version = 'new'"],
  ['personal data that is not JSON', "personal = 'x'"],
] as const;

for (const [what, change] of unreadable) {
  test(`subscription: given a row with ${what}, then only its stream stops`, async (t) => {
    const engine = await openEngine(t);
    for (const stream of ['a', 'b', 'c']) await appendTo(engine, stream, 0, 2);
    await engine.writer.write((sql) =>
      sql.run(`UPDATE events SET ${change} WHERE stream = 'b' AND version = 2`),
    );
    const other = createSqlStore({
      ...engine,
      reads: engine.database.reads,
      newSalt: () => '',
      projections: [],
    });
    const { seen } = start(t, { ...engine, store: other });
    await until(() => seen.length === 5, 'the other events');
    t.deepEqual(seen, [1, 2, 3, 5, 6]);
    const [entry] = await stoppedIn(engine).load('spec');
    t.like(entry, { stream: 'b', version: 2, position: 4 });
    t.regex(entry?.reason ?? '', /^its row cannot be read \([^{[]+\)$/);
  });
}
