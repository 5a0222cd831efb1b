import test from 'ava';
import { brokerCheck, databaseCheck, judge } from '../../../actors/metrics/readiness.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import type { Writer } from '../../../core/events/sql/writer.js';
import { openTrackerFixture } from '../tracker-fixture.js';

const writerThat = (write: Writer['write']): Writer => ({
  write,
  extend: () => Promise.reject(new Error('not asked for')),
  onExtended: () => () => undefined,
  drain: async () => undefined,
  isLockedOut: false,
});

test('readiness: the tracker is ready only if every check passes, and each failed check shows its problem', async (t) => {
  t.deepEqual(await judge({ a: async () => null }), { ready: true, checks: { a: 'ok' } });
  t.deepEqual(await judge({ a: async () => null, b: async () => 'the disk is full' }), {
    ready: false,
    checks: { a: 'ok', b: 'the disk is full' },
  });
});

test('readiness: a database that commits is ready, and the probe leaves no rows', async (t) => {
  const { writer, database } = await openTrackerFixture(t);
  const check = databaseCheck(writer, keepAliveSchedule);
  t.is(await check(), null);
  t.is(await check(), null);
  t.deepEqual(await database.reads.all('SELECT * FROM checkpoints'), []);
});

test('readiness: a database that does not commit is reported with its own error', async (t) => {
  const full = databaseCheck(
    writerThat(() => Promise.reject(new Error('the database did not commit: full'))),
    keepAliveSchedule,
  );
  t.is(await full(), 'the database did not commit: full');
});

test('readiness: a database that hangs is reported, and gets only one probe', async (t) => {
  let probes = 0;
  const check = databaseCheck(
    writerThat(() => {
      probes += 1;
      return new Promise(() => {});
    }),
    keepAliveSchedule,
    10,
  );
  for (let look = 0; look < 3; look += 1) t.is(await check(), 'nothing was committed within 10 ms');
  t.is(probes, 1);
});

const busThat = (isConnected: boolean, flush: () => Promise<void> = async () => undefined) => ({
  isConnected,
  flush,
});

const never = (): Promise<void> => new Promise(() => {});

test('readiness: a broker is ready only if it answers on every connection', async (t) => {
  const problem = (...buses: readonly ReturnType<typeof busThat>[]) =>
    brokerCheck(buses, keepAliveSchedule, 10)();
  t.is(await problem(busThat(true), busThat(true)), null);
  t.is(await problem(busThat(true), busThat(false)), 'the broker is not connected');
  t.is(await problem(busThat(true), busThat(true, never)), 'the broker did not answer within 10 ms');
  const lost = busThat(true, () => Promise.reject(new Error('the connection was lost')));
  t.is(await problem(lost, busThat(true)), 'the connection was lost');
});

test('readiness: a note is shown and leaves the tracker ready', async (t) => {
  t.deepEqual(
    await judge({ streams: async () => ({ note: 'the reactor notices stopped handling room-1' }) }),
    {
      ready: true,
      checks: { streams: 'the reactor notices stopped handling room-1' },
    },
  );
});
