import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { openHistory } from '../../client/history/history.js';
import { silentLog } from '../../core/log.js';
import { keepAliveSchedule, systemClock } from '../../core/time/clock.js';
import { watchWriteAheadLog } from '../../core/write-ahead-log.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { temporaryFolder } from '../support/folder.js';
import { createTime } from '../support/time.js';
import { until } from '../support/until.js';

const MIB = 1024 * 1024;

const databases = {
  'the database of a tracker': async (t: ExecutionContext) => (await openTrackerFixture(t)).file,
  'the history of a terminal': async (t: ExecutionContext) => {
    const file = join(await temporaryFolder(t), 'history.db');
    const history = await openHistory({ file, clock: systemClock, schedule: keepAliveSchedule });
    t.teardown(() => history.close());
    return file;
  },
};

for (const [name, open] of Object.entries(databases)) {
  test(`write-ahead log: given ${name} with a reader left open, then its log grows and a warning names it; when the reader is gone, then it shrinks within a minute`, async (t) => {
    const file = await open(t);
    const warnings: unknown[] = [];
    const log = silentLog.child({});
    log.warn = (...args: unknown[]) => void warnings.push(args[1]);
    const time = createTime();
    const watch = watchWriteAheadLog({ file, log, schedule: time.schedule, largeBytes: MIB });
    const reader = new Libsql(file);
    reader.exec('BEGIN');
    reader.prepare('SELECT COUNT(*) FROM sqlite_master').all();
    const writer = new Libsql(file);
    t.teardown(() => writer.close());
    writer.pragma('synchronous = OFF');
    writer.exec('CREATE TABLE filling (bytes BLOB)');
    const fill = (): void => {
      for (let n = 0; n < 20; n += 1) writer.exec('INSERT INTO filling VALUES (zeroblob(100000))');
    };
    fill();
    await watch.review();
    fill();
    await watch.review();
    t.true((await watch.bytes()) > 3 * MIB);
    t.deepEqual(warnings, [
      'the write-ahead log grows, because another program keeps the database open for reading',
    ]);

    reader.exec('COMMIT');
    reader.close();
    await time.pass(60_000);
    await until(async () => (await watch.bytes()) < MIB, 'the log is small again');
    fill();
    await watch.close();
    t.is(await watch.bytes(), 0);
  });
}
