import test from 'ava';
import Libsql from 'libsql';
import { z } from 'zod';
import { GENESIS, verifyChain } from '../../../../core/events/chain.js';
import { StoreUnavailableError } from '../../../../core/events/errors.js';
import type { WriteConnection } from '../../../../core/events/sql/sql.js';
import { databaseCheck } from '../../../../actors/metrics/readiness.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { delay } from '../../../../core/time/wait.js';
import { append, event, receipt } from '../samples.js';
import { openEngine } from '../temporary.js';

const secret = (owner: string) => `INSERT INTO credentials (owner, secret) VALUES ('${owner}', 'x')`;
const all = { fromPosition: 1, limit: 1_000 };

type Failing = 'begin' | 'commit' | 'rollback';

/** A connection that can be made to fail and that records its statements. */
function breakable() {
  const failing = new Set<Failing>();
  const seen: string[] = [];
  const between = (connection: WriteConnection): WriteConnection => {
    const passing = (step: Failing) => async () => {
      seen.push(step);
      if (failing.has(step)) throw new StoreUnavailableError(`${step} does not work`);
      await connection[step]();
    };
    return {
      get isLockedOut() {
        return connection.isLockedOut;
      },
      run: (statement, values) => {
        seen.push(statement);
        return connection.run(statement, values);
      },
      all: (statement, values) => connection.all(statement, values),
      first: (statement, values) => connection.first(statement, values),
      begin: passing('begin'),
      commit: passing('commit'),
      rollback: passing('rollback'),
    };
  };
  return { failing, seen, between };
}

test('writer: waiting jobs are committed together, and the head is written once', async (t) => {
  const { seen, between } = breakable();
  const { store } = await openEngine(t, { between });
  await Promise.all(Array.from({ length: 100 }, (_, n) => store.append(append(`s${n}`, 0))));
  t.is(seen.filter((step) => step === 'commit').length, 1);
  t.is(seen.filter((step) => step.startsWith('UPDATE log_head')).length, 1);
  t.is((await store.head()).position, 100);
});

test('writer: given more jobs than a batch holds, then they take several commits, in order', async (t) => {
  const { seen, between } = breakable();
  const { store } = await openEngine(t, { between });
  await Promise.all(Array.from({ length: 600 }, (_, version) => store.append(append('a', version))));
  t.is(seen.filter((step) => step === 'commit').length, 3);
  t.is((await store.readStream('a', { fromVersion: 1, limit: 1_000 })).length, 600);
  t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
});

test('writer: given jobs that throw or are undone, then only those are rolled back', async (t) => {
  const { writer, store } = await openEngine(t);
  const outcomes = await Promise.allSettled([
    writer.write((sql) => sql.run(secret('ann'))),
    writer.write(async (sql) => {
      await sql.run(secret('bob'));
      throw new Error('changed my mind');
    }),
    writer.write((sql) => sql.run(secret('ann'))),
    writer.extend(async (sql) => {
      await sql.run(secret('cid'));
      return { kind: 'undo', value: 'never mind' } as const;
    }),
    writer.write((sql) => sql.run(secret('dan'))),
  ]);
  t.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
  );
  t.like(outcomes[1], { reason: { message: 'changed my mind' } });
  const kept = await Promise.all(['ann', 'bob', 'cid', 'dan'].map((owner) => store.secret(owner)));
  t.deepEqual(kept, ['x', null, null, 'x']);
});

const claim = (name: string, owner: string) => ({ action: 'claim', kind: 'name', name, owner }) as const;

test('writer: given refusals that changed nothing, then no savepoint is used', async (t) => {
  const { seen, between } = breakable();
  const { store } = await openEngine(t, { between });
  await store.append(append('a', 0, { reservations: [claim('lamp', 'a')], receipts: [receipt('r')] }));
  const outcomes = await Promise.all([
    store.append(append('b', 0, { reservations: [claim('lamp', 'b')] })),
    store.append(append('b', 0)),
    store.append(append('a', 7)),
    store.append(append('a', 1, { receipts: [receipt('r')] })),
    store.append(append('a', 1)),
  ]);
  const kinds = outcomes.map(({ kind }) => kind);
  t.deepEqual(kinds, ['reserved', 'appended', 'conflict', 'duplicate', 'appended']);
  t.deepEqual(
    seen.filter((step) => step.includes('SAVEPOINT')),
    [],
  );
  t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
});

test('writer: given one append that must be rolled back, then the others of its batch remain, each once', async (t) => {
  const { seen, between } = breakable();
  const { store } = await openEngine(t, { between });
  await store.append(append('a', 0, { reservations: [claim('lamp', 'a')] }));
  const outcomes = await Promise.all([
    store.append(append('a', 1, { receipts: [receipt('r')] })),
    store.append(append('b', 0, { reservations: [claim('chair', 'b'), claim('lamp', 'b')] })),
    store.append(append('c', 0, { reservations: [claim('chair', 'c')] })),
  ]);
  t.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['appended', 'reserved', 'appended'],
  );
  t.is(seen.filter((step) => step === 'commit').length, 2);
  t.is(seen.filter((step) => step === 'SAVEPOINT job').length, 3);
  t.like(await store.reservation('name', 'chair'), { owner: 'c' });
  t.is((await store.head()).position, 3);
  t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
});

for (const step of ['begin', 'commit'] as const) {
  test(`writer: given a ${step} that fails, then no job of the batch is acknowledged and the next batch starts clean`, async (t) => {
    const { failing, between } = breakable();
    const { writer, store } = await openEngine(t, { between });
    const heard: number[] = [];
    store.onAppended(({ position }) => heard.push(position));
    await store.append(append('a', 0));
    failing.add(step);
    const failed = await Promise.allSettled([
      store.append(append('a', 1, { receipts: [receipt('r')] })),
      store.append(append('a', 0)),
      writer.write((sql) => sql.run(secret('ann'))),
      writer.write(async () => {
        throw new Error('of its own');
      }),
    ]);
    for (const outcome of failed) {
      t.true(outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailableError);
    }
    failing.clear();
    t.is((await store.append(append('a', 1, { receipts: [receipt('r')] }))).kind, 'appended');
    t.is(await store.secret('ann'), null);
    t.deepEqual(heard, [1, 2]);
    t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
  });
}

test('writer: given a failed commit whose rollback also fails, then the next batch first ends the open transaction', async (t) => {
  const { failing, between } = breakable();
  const { store } = await openEngine(t, { between });
  failing.add('commit').add('rollback');
  const error = await t.throwsAsync(store.append(append('a', 0)), { instanceOf: StoreUnavailableError });
  t.regex(error.message, /commit does not work; the rollback then failed: rollback does not work/);
  failing.clear();
  t.is((await store.append(append('a', 0))).kind, 'appended');
  t.is((await store.head()).position, 1);
});

test('writer: given a full disk, then the whole batch is rejected, nothing is stored, and the writer works again once there is room', async (t) => {
  const { store, database } = await openEngine(t);
  const limit = async (pages: number) => database.writeConnection.all(`PRAGMA max_page_count = ${pages}`);
  const pages = z.array(z.object({ page_count: z.number() }));
  const [now] = pages.parse(await database.writeConnection.all('PRAGMA page_count'));
  await limit((now?.page_count ?? 0) + 4);
  const big = event('Big', { payload: { text: 'x'.repeat(100_000) } });
  const failed = await Promise.allSettled([
    store.append(append('a', 0)),
    store.append(append('b', 0, { events: [big] })),
    store.append(append('c', 0)),
  ]);
  for (const outcome of failed) {
    t.true(outcome.status === 'rejected' && outcome.reason instanceof StoreUnavailableError);
  }
  t.deepEqual(await store.readAll(all), []);
  await limit(1_000_000);
  t.is((await store.append(append('b', 0, { events: [big] }))).kind, 'appended');
  t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
});

test('writer: it yields to the event loop between batches', async (t) => {
  const { store } = await openEngine(t);
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    pending = setImmediate(turn);
  };
  let pending = setImmediate(turn);
  await Promise.all(Array.from({ length: 2_560 }, (_, n) => store.append(append(`s${n}`, 0))));
  clearImmediate(pending);
  t.true(turns >= 9);
});

test('writer: given that it is drained, then every waiting job is done', async (t) => {
  const { writer, store } = await openEngine(t);
  const appending = Array.from({ length: 150 }, (_, n) => store.append(append(`s${n}`, 0)));
  await writer.drain();
  t.is((await store.head()).position, 150);
  await Promise.all(appending);
  await writer.drain();
});

/** Another program that holds the lock of the database. */
function lock(file: string): Libsql.Database {
  const other = new Libsql(file);
  other.exec('BEGIN IMMEDIATE');
  return other;
}

test('writer: given a lock that another program holds for a short time, then jobs wait for it, and the check of readiness names it', async (t) => {
  const { file, writer, store } = await openEngine(t);
  const check = databaseCheck(writer, systemSchedule, 50);
  const other = lock(file);
  const appended = store.append(append('a', 0));
  t.is(await check(), 'nothing was committed within 50 ms: another program holds the lock of the database');
  other.close();
  t.like(await appended, { kind: 'appended' });
  t.is(await databaseCheck(writer, systemSchedule)(), null);
});

test('writer: given a lock that another program holds for a long time, then each job waits for its own time, and the next job is stored when the lock is free', async (t) => {
  const { file, store } = await openEngine(t, { lockPatienceMs: 1_500 });
  const other = lock(file);
  const first = store.append(append('a', 0));
  await delay(systemSchedule, 1_000);
  const second = store.append(append('b', 0));
  await t.throwsAsync(first, {
    instanceOf: StoreUnavailableError,
    message: 'the database did not commit: another program holds the lock of the database',
  });
  other.close();
  t.like(await second, { kind: 'appended' });
  t.like(await store.append(append('a', 0)), { kind: 'appended' });
  t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
});
