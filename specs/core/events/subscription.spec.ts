import test, { type ExecutionContext } from 'ava';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import type { RecordedEvent } from '../../../core/events/event.js';
import { type FollowOptions, follow } from '../../../core/events/subscription.js';
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
