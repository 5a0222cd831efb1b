import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import { createStateReader } from '../../../admin/state/reader.js';
import { openStateSnapshots } from '../../../admin/state/snapshots.js';
import { OperatorError } from '../../../core/errors.js';
import { createSnapshotSeal } from '../../../core/events/snapshot-seal.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { append, event, seals } from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { homeOf } from '../histories.js';

const EVENTS = 2_500;
const STREAM = 'room-01ARZ3NDEKTSV4RRFFQ69G5FAV';
const OWNER = '01ARZ3NDEKTSV4RRFFQ69G5FA0';
const VISITOR = '01ARZ3NDEKTSV4RRFFQ69G5FA1';

/** A room that one visitor joins and leaves again and again, and a cache of its states in a separate file. */
async function longRoom(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const events = Array.from({ length: EVENTS }, (_, index) => {
    if (index === 0) {
      const personal = { name: 'a-secret-name' };
      return event('RoomCreated', {
        schemaVersion: 2,
        payload: { account: OWNER, isPrivate: false },
        personal,
      });
    }
    return event(index % 2 === 1 ? 'MemberJoined' : 'MemberLeft', { payload: { account: VISITOR } });
  });
  await fixture.store.append(append(STREAM, 0, { events }));
  const { reader } = homeOf(t, fixture);
  const file = join(await temporaryFolder(t), 'cache', 'states.db');
  const problems: string[] = [];
  const open = (by = seals) => {
    const snapshots = openStateSnapshots({
      file,
      seals: by,
      sql: reader,
      onProblem: (one) => problems.push(one),
    });
    t.teardown(() => snapshots.close());
    return createStateReader(reader, snapshots);
  };
  return { fixture, reader, file, open, problems, plain: createStateReader(reader, null) };
}

test('snapshots: given a long room, then every moment is the same with the cache as without, and a fold begins at the last stored state', async (t) => {
  const { open, plain, file, problems, reader } = await longRoom(t);
  await open().room(STREAM, EVENTS);
  const snapshots = openStateSnapshots({ file, seals, sql: reader, onProblem: () => t.fail() });
  t.teardown(() => snapshots.close());
  for (const position of [0, 1, 999, 1_000, 1_001, 1_999, 2_000, 2_400, EVENTS]) {
    t.deepEqual(
      JSON.stringify(await open().room(STREAM, position)),
      JSON.stringify(await plain.room(STREAM, position)),
      String(position),
    );
  }
  t.like(await snapshots.load(roomAggregate, STREAM, EVENTS), { version: 2_000, position: 2_000 });
  t.like(await snapshots.load(roomAggregate, STREAM, 1_999), { version: 1_000 });
  t.is(await snapshots.load(roomAggregate, STREAM, 999), null);
  t.deepEqual(problems, []);
});

test('snapshots: the cache is readable by its owner only and contains no name', async (t) => {
  const { open, file } = await longRoom(t);
  await open().room(STREAM, EVENTS);
  t.is((await stat(file)).mode & 0o077, 0);
  t.is((await stat(join(file, '..'))).mode & 0o077, 0);
  t.false((await readFile(file)).includes('a-secret-name'));
});

const changes: readonly (readonly [what: string, statement: string])[] = [
  ['an edited state', `UPDATE states_1 SET state = replace(state, '${OWNER}', '${VISITOR}')`],
  ['another position', 'UPDATE states_1 SET position = position - 1'],
  ['another version', 'UPDATE states_1 SET version = version + 100'],
  ['another hash', "UPDATE states_1 SET hash = 'none'"],
  ['another machine', 'UPDATE states_1 SET machine_version = machine_version + 1'],
  ['numbers in place of text', 'UPDATE states_1 SET state = 7, seal = 8'],
];

for (const [what, statement] of changes) {
  test(`snapshots: given a cache with ${what}, then the state is that of the log`, async (t) => {
    const { open, plain, file } = await longRoom(t);
    await open().room(STREAM, EVENTS);
    const database = new Libsql(file);
    database.exec(statement);
    database.close();
    t.is(JSON.stringify(await open().room(STREAM, EVENTS)), JSON.stringify(await plain.room(STREAM, EVENTS)));
  });
}

test('snapshots: given a cache of another home, then the state is that of the log', async (t) => {
  const { open, plain } = await longRoom(t);
  await open(createSnapshotSeal(randomBytes(32))).room(STREAM, EVENTS);
  t.is(JSON.stringify(await open().room(STREAM, EVENTS)), JSON.stringify(await plain.room(STREAM, EVENTS)));
});

test('snapshots: given a file that is no database, then the state is that of the log, and the problem is reported once', async (t) => {
  const { open, plain, file, problems } = await longRoom(t);
  await open().room(STREAM, EVENTS);
  await writeFile(file, 'this is no database, and it is long enough to be read as one'.repeat(100));
  const reader = open();
  for (const position of [EVENTS, 5]) {
    t.is(
      JSON.stringify(await reader.room(STREAM, position)),
      JSON.stringify(await plain.room(STREAM, position)),
    );
  }
  t.is(problems.length, 1);
  t.regex(problems[0] ?? '', /^the cache .* cannot be used, so the command is slower: /);
});

test('state: given a stream that lacks an event, then no later state is shown', async (t) => {
  const { fixture, plain } = await longRoom(t);
  for (const missing of [1_250, 3]) {
    await fixture.writer.write((sql) => sql.run('DELETE FROM events WHERE position = ?', [missing]));
    for (const position of [missing, missing + 1, EVENTS]) {
      await t.throwsAsync(plain.room(STREAM, position), {
        instanceOf: OperatorError,
        message: /^the (log lacks the event room-|event at position \d+ in room-\S+ cannot be applied)/,
      });
    }
  }
});
