import test from 'ava';
import { createOperatorHost, createTrackerHost } from '../../../actors/host.js';
import { operatorMetadata } from '../../../actors/operator.js';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import { quarantineJson, quarantineText } from '../../../admin/quarantine/text.js';
import { rebuildHome } from '../../../admin/rebuild.js';
import { verificationError, verificationJson, verificationText } from '../../../admin/verify.js';
import { InvariantError, OperatorError } from '../../../core/errors.js';
import { isQuarantined } from '../../../core/events/event.js';
import { createSqlSnapshots } from '../../../core/events/sql/snapshots.js';
import { UnreadableStreamError } from '../../../core/events/unhandled.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { readNotice } from '../../actors/statements.js';
import { event, seals } from '../../core/events/samples.js';
import { appendUnreadable, nothing, openScene, REASON, streamKinds, unreadable } from './scene.js';

const all = { fromPosition: 1, limit: 1_000 };

for (const kind of streamKinds) {
  for (const [what, make] of Object.entries(unreadable)) {
    for (const isAwake of [true, false]) {
      const who = isAwake ? 'an actor in memory' : 'an actor that was not awake';
      test(`quarantine: given an event ${what} in a stream of the kind ${kind} and ${who}, when it is quarantined, then the stream continues, and the tables equal a rebuild`, async (t) => {
        const { fixture, ann, ben, act, verify, streams, home, ask, signing } = await openScene(t);
        const { store, clock } = fixture;
        const host = isAwake ? fixture.host : createOperatorHost({ store, clock });
        const id = streams[kind].replace(/^[a-z]+-/, '');
        if (isAwake) await host.peek(kind, id);
        const position = await appendUnreadable(fixture, streams[kind], make(kind));
        t.like(await verify(), { kind: 'unknown', unknown: { position, stream: streams[kind] } });

        const { event: recorded, target } = await act(position);
        t.like(recorded, { type: 'EventQuarantined', stream: `quarantine-${position}`, version: 1 });
        t.like(target, { position, stream: streams[kind], type: make(kind).type, later: 0 });
        const result = await verify();
        t.is(verificationError(result), null);
        const by = recorded?.position;
        t.like(result, { quarantined: [{ position, stream: streams[kind], by, reason: REASON }] });
        t.regex(await rebuildHome(home, nothing), / 0 rows removed or added; Merkle tree correct/);

        if (kind === 'room') {
          const retitle = { operation: 'TOPIC', name: 'attic', topic: 'again' } as const;
          t.like(await ask.rooms(ann, retitle), { phrase: 'TOPIC_CHANGED_S' });
        }
        if (kind === 'account') {
          const rename = { operation: 'RENAME', username: 'anna' } as const;
          t.like(await ask.account(ann, rename), { phrase: 'USERNAME_CHANGED' });
        }
        if (kind === 'quarantine') {
          const target2 = { position: 2, stream: 'account-x', version: 1, personal: { reason: REASON } };
          const command = { type: 'ReleaseEvent', ...target2 } as const;
          const outcome = await host.send({ kind, id, command, metadata: operatorMetadata(systemIds) });
          t.like(outcome, { kind: 'done', events: [], version: 1 });
        }
        t.deepEqual(
          (await createOperatorHost({ store, clock }).peek(kind, id)).value,
          (await host.peek(kind, id)).value,
        );
        t.is((await verify()).kind, 'intact');
        const answer = syncedSchema.parse((await ask.sync(ben, { versions: {} })).data);
        const types = answer.notices.map((notice) => readNotice(signing, notice).type);
        t.is(types.includes('TopicChanged'), kind === 'room');
      });
    }
  }
}

test('quarantine: given an event that was quarantined, then readers of the log get a placeholder with its position and version, and its reason', async (t) => {
  const { fixture, act, streams } = await openScene(t);
  const position = await appendUnreadable(
    fixture,
    streams.room,
    event('SomethingNew', { payload: { a: 1 } }),
  );
  await act(position);
  const logged = (await fixture.store.readAll(all)).find((one) => one.position === position);
  t.like(logged, { stream: streams.room, version: 3, payload: {}, personal: null });
  t.deepEqual(logged?.quarantine, { by: position + 1, reason: REASON });
  const inStream = await fixture.store.readStream(streams.room, { fromVersion: 3, limit: 1 });
  t.deepEqual(inStream, logged === undefined ? [] : [logged]);
  t.is((await fixture.store.readAll(all)).filter(isQuarantined).length, 1);
});

test('quarantine: given an event that this version can read, or that is not there, or a log that was changed, then nothing is changed and the error says so', async (t) => {
  const { fixture, act, streams } = await openScene(t);
  const position = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  const later = await appendUnreadable(fixture, streams.room, event('TopicChanged', { payload: {} }));
  const refused = async (at: number, message: RegExp, remedy: RegExp) => {
    const error = await t.throwsAsync(act(at), { instanceOf: OperatorError, message });
    t.regex(error.remedy, remedy);
    await t.throwsAsync(act(at, { isDryRun: true }), { message });
  };
  await refused(4, /can read the event at position 4/, /Only an event that cannot be read/);
  await refused(99, /no event at position 99: it ends at position/, /partyline admin verify/);
  await refused(
    later,
    new RegExp(`position ${position}, which comes before it`),
    new RegExp(`partyline admin quarantine ${position} --reason TEXT`),
  );
  await fixture.writer.write((sql) => sql.run('UPDATE events SET payload = ? WHERE position = ?', ['{', 3]));
  await refused(3, /the log was changed from position 3 on/, /restore a backup/);
  await t.throwsAsync(act(position), { message: /the log was changed from position 3 on/ });
  t.is((await fixture.store.head()).position, later);
});

test('quarantine: given that it is done twice, or undone twice, then the second time changes nothing and says so', async (t) => {
  const { fixture, act, streams } = await openScene(t);
  const position = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  const undo = { isRelease: true };
  t.deepEqual(quarantineText(await act(position, undo)), [
    `the event at position ${position} is not quarantined; nothing was changed`,
  ]);
  await act(position);
  t.deepEqual(quarantineText(await act(position)), [
    `the event at position ${position} is already quarantined, by position ${position + 1}; nothing was changed`,
  ]);
  t.like((await act(position, undo)).event, { type: 'EventReleased', version: 2 });
  t.is((await act(position, undo)).event, null);
  t.is((await fixture.store.head()).position, position + 2);
});

test('quarantine: given an event that still cannot be read, when it is released, then its stream stops again, and a second quarantine continues it', async (t) => {
  const { fixture, ann, act, verify, streams, ask, attic } = await openScene(t);
  const retitle = (topic: string) => ask.rooms(ann, { operation: 'TOPIC', name: 'attic', topic });
  const position = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  await t.throwsAsync(retitle('refused'), { instanceOf: UnreadableStreamError });
  await act(position);
  t.like(await retitle('first'), { phrase: 'TOPIC_CHANGED_S' });
  const released = await act(position, { isRelease: true });
  t.regex(quarantineText(released).join('\n'), /cannot read the event: room-.* stops there again/);
  await t.throwsAsync(retitle('refused'), { instanceOf: UnreadableStreamError });
  t.like(await verify(), { kind: 'unknown', unknown: { position } });
  await act(position);
  t.like(await retitle('second'), { phrase: 'TOPIC_CHANGED_S' });
  t.is((await fixture.directory.room(attic.id))?.topic, 'second');
  t.is((await verify()).kind, 'intact');
});

test('quarantine: given tables that reflect an event of a newer version, when it is quarantined, then the tables are as if it never happened', async (t) => {
  const { fixture, ben, act, verify, streams, attic } = await openScene(t);
  const position = await appendUnreadable(
    fixture,
    streams.room,
    event('MemberLeft', { schemaVersion: 9, payload: { account: ben.account } }),
  );
  const leave = 'UPDATE memberships SET left_version = 3 WHERE room = ? AND account = ?';
  await fixture.writer.write((sql) => sql.run(leave, [attic.id, ben.account]));
  const isMember = async () => (await fixture.directory.members(attic.id)).length === 2;
  t.false(await isMember());
  t.true((await act(position)).rowsChanged > 0);
  t.true(await isMember());
  t.is((await verify()).kind, 'intact');
});

test('quarantine: given two unreadable events, then the tables are derived after the second quarantine, in any order', async (t) => {
  const { fixture, act, verify, streams } = await openScene(t);
  const first = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  const second = await appendUnreadable(fixture, streams.account, event('SomethingNew'));
  const done = await act(second);
  t.like(done.remaining, { position: first, stream: streams.room });
  t.regex(quarantineText(done).join('\n'), new RegExp(`Another event cannot be read: position ${first}`));
  t.like(await verify(), {
    kind: 'unknown',
    unknown: { position: first },
    quarantined: [{ position: second }],
  });
  t.is((await act(first)).remaining, null);
  t.like(await verify(), { kind: 'intact', quarantined: [{ position: first }, { position: second }] });
});

test('quarantine: a dry run shows the event that would be recorded, and changes nothing', async (t) => {
  const { fixture, act, streams } = await openScene(t);
  const position = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  const { position: head } = await fixture.store.head();
  const tried = await act(position, { isDryRun: true });
  const lines = quarantineText(tried).join('\n');
  t.regex(lines, /^dry run: the event at position \d+ \(room-.* v3, SomethingNew\) is quarantined\n/);
  t.regex(lines, /quarantine-\d+ v1 {2}EventQuarantined .*It would notify nobody\.\nNothing was changed\.$/s);
  t.like(JSON.parse(quarantineJson(tried)), {
    format: 'quarantine/1',
    dryRun: true,
    changed: true,
    event: { position: null, stream: `quarantine-${position}` },
  });
  t.is((await fixture.store.head()).position, head);
  t.like(JSON.parse(quarantineJson(await act(position))), { dryRun: false, event: { position: head + 1 } });
});

test('quarantine: given a snapshot of the stream, when an event is quarantined or released, then the snapshot is gone and an outdated one is not stored', async (t) => {
  const { fixture, act, verify, streams } = await openScene(t);
  const snapshots = createSqlSnapshots(fixture.database.reads, fixture.writer, seals, silentLog);
  const position = await appendUnreadable(
    fixture,
    streams.room,
    event('MemberJoined', { payload: { what: 'nobody' } }),
  );
  const [last] = await fixture.store.readAll({ fromPosition: position, limit: 1 });
  const { value, context } = await fixture.host.peek('room', streams.room.slice('room-'.length));
  t.is(context.members.length, 3);
  const state = JSON.parse(JSON.stringify({ value, context }));
  const at = { position, hash: last?.hash ?? '' };
  const snapshot = {
    machineVersion: roomAggregate.machineVersion,
    version: 3,
    at,
    state,
    quarantineChange: 0,
  };
  const count = async () => (await fixture.database.reads.all('SELECT 1 FROM snapshots')).length;
  snapshots.keep(streams.room, snapshot);
  await fixture.writer.drain();
  t.is(await count(), 1);
  await act(position);
  t.is(await count(), 0);
  snapshots.keep(streams.room, snapshot);
  await fixture.writer.drain();
  t.is(await count(), 0);
  snapshots.keep(streams.room, {
    ...snapshot,
    quarantineChange: await fixture.store.quarantineChange(streams.room),
  });
  await fixture.writer.drain();
  t.is(await count(), 1);
  t.is((await verify()).kind, 'wrongSnapshot');
});

test('quarantine: verify is green, names the event, its quarantine and the reason, and before it names the command to copy', async (t) => {
  const { fixture, act, verify, streams } = await openScene(t);
  const position = await appendUnreadable(fixture, streams.room, event('SomethingNew'));
  const command = `partyline admin quarantine ${position} --reason TEXT`;
  t.true(verificationError(await verify())?.remedy.includes(command));
  await act(position);
  const result = await verify();
  t.is(verificationError(result), null);
  const text = `quarantine  1 event is passed over: position ${position} in ${streams.room} (quarantined by position ${position + 1}: ${REASON})`;
  t.true(verificationText(result).includes(text));
  t.like(JSON.parse(verificationJson(result)), {
    result: 'intact',
    quarantined: [{ position, reason: REASON }],
  });
});

test('quarantine: no request of a terminal can lead to a quarantine', async (t) => {
  const { fixture } = await openScene(t);
  const host = createTrackerHost({ store: fixture.store, clock: fixture.clock });
  const target = { position: 1, stream: 'account-x', version: 1 };
  const command = { type: 'QuarantineEvent', ...target, personal: { reason: REASON } } as const;
  const request = { kind: 'quarantine', id: '1', command, metadata: operatorMetadata(systemIds) } as const;
  await t.throwsAsync(host.send(request), { instanceOf: InvariantError, message: /command of the operator/ });
});
