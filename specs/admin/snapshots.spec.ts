import test, { type ExecutionContext } from 'ava';
import { createTrackerHost } from '../../actors/host.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { verificationError, verifyHome } from '../../admin/verify.js';
import { createSnapshotSeal } from '../../core/events/snapshot-seal.js';
import { createSqlSnapshots } from '../../core/events/sql/snapshots.js';
import { silentLog } from '../../core/log.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import { openTrackerFixture, type TrackerFixture } from '../actors/tracker-fixture.js';
import { seals } from '../core/events/samples.js';
import { homeOf } from './histories.js';

const nothing = (): void => undefined;
const SNAPSHOT_EVENTS = 200;

/** A room of two members, led by the first, that is long enough to have a snapshot. */
async function roomWithSnapshot(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const { store, writer, database, clock, ask } = fixture;
  const [admin, member] = [await fixture.enrolled('admin'), await fixture.enrolled('member')];
  await ask.rooms(admin, { operation: 'CREATE', name: 'lobby' });
  await ask.rooms(member, { operation: 'JOIN', name: 'lobby' });
  const room = await fixture.directory.openRoomNamed('lobby');
  const stream = conversationIdSchema.parse(room?.id);
  const id = stream.replace('room-', '');
  const snapshots = createSqlSnapshots(database.reads, writer, seals, silentLog);
  const host = () => createTrackerHost({ store, snapshots, clock });
  const writing = host();
  const { account } = admin;
  const metadata = {
    account,
    device: null,
    commandId: 'c',
    correlationId: 'c',
    causationId: null,
    traceparent: null,
  };
  await Promise.all(
    Array.from({ length: SNAPSHOT_EVENTS }, (_, count) =>
      writing.send({
        kind: 'room',
        id,
        command: { type: 'ChangeTopic', account, isSame: false, personal: { topic: `topic ${count}` } },
        metadata,
      }),
    ),
  );
  await writer.drain();
  const admins = async () => (await host().peek('room', id)).context.admins;
  const withTwoAdmins = (state: unknown): string =>
    String(state).replace(`"admins":["${account}"]`, `"admins":["${account}","${member.account}"]`);
  return { ...fixture, room: stream, account, admins, withTwoAdmins };
}

const change = ({ writer }: Pick<TrackerFixture, 'writer'>, statement: string): Promise<number> =>
  writer.write((sql) => sql.run(statement));

const edits = [
  ['no admin', `UPDATE snapshots SET state = replace(state, '"admins":["', '"admins":[],"x":["')`],
  ['another version', 'UPDATE snapshots SET version = version - 1'],
  ['another position', 'UPDATE snapshots SET position = position - 1'],
  ['the hash of another event', `UPDATE snapshots SET hash = (SELECT hash FROM events WHERE position = 1)`],
  ['no seal', `UPDATE snapshots SET seal = ''`],
  ['a state that is not JSON', `UPDATE snapshots SET state = 'no JSON'`],
  ['a version beyond the log', 'UPDATE snapshots SET version = 9000'],
  ['a number in place of its text', 'UPDATE snapshots SET state = 7'],
] as const;

for (const [what, statement] of edits) {
  test(`snapshots: given one with ${what}, then the room is replayed, and verify and rebuild find it`, async (t) => {
    const fixture = await roomWithSnapshot(t);
    const home = homeOf(t, fixture);
    t.is((await verifyHome(home, nothing)).kind, 'intact');
    t.is(await change(fixture, statement), 1);

    const result = await verifyHome(home, nothing);
    t.is(result.kind, 'wrongSnapshot');
    t.regex(verificationError(result)?.message ?? '', /^the snapshot of room-\S+ /);
    t.deepEqual(await fixture.admins(), [fixture.account]);

    await change(fixture, statement);
    await rebuildHome(home, nothing);
    t.is((await verifyHome(home, nothing)).kind, 'intact');
    t.deepEqual(await fixture.admins(), [fixture.account]);
  });
}

test('snapshots: given an edited one with a seal by another key, then the room is replayed and the row is deleted', async (t) => {
  const fixture = await roomWithSnapshot(t);
  const other = createSnapshotSeal(Buffer.alloc(32, 8));
  const [row] = await fixture.database.reads.all('SELECT * FROM snapshots');
  const state = fixture.withTwoAdmins(row?.['state']);
  const at = { position: Number(row?.['position']), hash: String(row?.['hash']) };
  const content = {
    stream: fixture.room,
    machineVersion: Number(row?.['machine_version']),
    version: Number(row?.['version']),
    at,
    state,
  };
  await fixture.writer.write((sql) =>
    sql.run('UPDATE snapshots SET state = ?, seal = ?', [state, other.seal(content)]),
  );
  t.deepEqual(await fixture.admins(), [fixture.account]);
  await fixture.writer.drain();
  t.deepEqual(await fixture.database.reads.all('SELECT * FROM snapshots'), []);
});

test('snapshots: given a state that the tracker sealed although the log says otherwise, then verify and rebuild find it', async (t) => {
  const fixture = await roomWithSnapshot(t);
  const [row] = await fixture.database.reads.all('SELECT * FROM snapshots');
  const state = fixture.withTwoAdmins(row?.['state']);
  const at = { position: Number(row?.['position']), hash: String(row?.['hash']) };
  const version = Number(row?.['version']);
  const machineVersion = Number(row?.['machine_version']);
  const seal = seals.seal({ stream: fixture.room, machineVersion, version, at, state });
  await fixture.writer.write((sql) => sql.run('UPDATE snapshots SET state = ?, seal = ?', [state, seal]));

  const home = homeOf(t, fixture);
  const error = verificationError(await verifyHome(home, nothing));
  t.regex(error?.message ?? '', /differs from the state that its events give$/);
  t.regex(await rebuildHome(home, nothing), /; 1 snapshots made again or removed$/);
  t.deepEqual(await fixture.admins(), [fixture.account]);
  t.is((await verifyHome(home, nothing)).kind, 'intact');
});
