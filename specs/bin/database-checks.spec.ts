import { truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import test from 'ava';
import Database from 'libsql';
import { checkDatabase, checkStreams } from '../../bin/database-checks.js';
import { createSqlStoppedStreams } from '../../core/events/sql/stopped-streams.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { temporaryFolder } from '../support/folder.js';

test('doctor: a database that is in use and not locked is intact', async (t) => {
  const { file } = await openTrackerFixture(t);
  t.like(await checkDatabase(dirname(file)), { verdict: 'good' });
});

test('doctor: given a database that another program has locked, then the finding says so', async (t) => {
  const { file } = await openTrackerFixture(t);
  const other = new Database(file);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const { verdict, says } = await checkDatabase(dirname(file));
  t.is(verdict, 'bad');
  t.regex(says, /is locked by another program$/);
  other.exec('ROLLBACK');
  t.like(await checkDatabase(dirname(file)), { verdict: 'good' });
});

test('doctor: given a large write-ahead log, then the finding names its size', async (t) => {
  const { file } = await openTrackerFixture(t);
  await truncate(`${file}-wal`, 40 * 1024 * 1024);
  const { verdict, says } = await checkDatabase(dirname(file));
  t.is(verdict, 'note');
  t.regex(says, /its write-ahead log has 40 MiB$/);
});

test('doctor: stopped streams are named with position and reason', async (t) => {
  const { file, database, writer } = await openTrackerFixture(t);
  t.like(await checkStreams(dirname(file)), { verdict: 'good' });
  const stopped = createSqlStoppedStreams(database.reads, writer);
  const entry = { stream: 'room-1', version: 3, position: 7, reason: 'it is new' };
  await stopped.stop('notices', entry);
  await stopped.stop('departures', entry);
  t.like(await checkStreams(dirname(file)), {
    verdict: 'bad',
    says: '1 stopped: room-1 at position 7 (it is new)',
  });
});

test('doctor: a home without a database has no stopped streams to report', async (t) => {
  t.is(await checkStreams(await temporaryFolder(t)), null);
});
