import test, { type ExecutionContext } from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { audiencesOf, namesFor, signedNotice } from '../../../actors/notices/notices.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import { isApplicable, type RecordedEvent } from '../../../core/events/event.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { newCommandId, openTrackerFixture } from '../tracker-fixture.js';
import { readNotice, rosterIn } from '../statements.js';

async function scene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const cat = await fixture.enrolled('Cat');
  const { rooms } = fixture.ask;
  const { data } = await rooms(ann, { operation: 'CREATE', name: 'lobby' });
  const { conversation } = rosterIn(fixture.signing, data);
  await rooms(ben, { operation: 'JOIN', name: 'lobby' });
  const of = (operation: string, username: string, reason = '') =>
    rooms(ann, { operation, name: 'lobby', username, reason });
  const tell = async (command: RoomCommand) => {
    const id = newCommandId();
    const trail = { commandId: id, correlationId: id, causationId: null, traceparent: null };
    const metadata = { account: null, device: null, ...trail };
    await fixture.host.send({ kind: 'room', id: conversation.slice('room-'.length), command, metadata });
  };
  const { directory, store, signing } = fixture;
  /** The notice of an event, complete or redacted. */
  const read = async (event: RecordedEvent) => {
    const signed = signedNotice(signing, event, await namesFor(directory, [event]));
    if (signed === null) throw new Error(`nobody is told of ${event.type}`);
    return readNotice(signing, signed);
  };
  const last = async () => {
    const event = (await store.readStream(conversation, { fromVersion: 1, limit: 1_000 })).findLast(
      isApplicable,
    );
    if (event === undefined) throw new Error('nothing has happened');
    return event;
  };
  const audience = async (event: RecordedEvent) => {
    const [noticed = new Set()] = await audiencesOf(directory, fixture.presence, [event]);
    const people = await directory.people([...noticed]);
    return [...people.values()].map(({ username }) => username).toSorted();
  };
  return { fixture, ann, ben, cat, rooms, of, tell, read, last, audience };
}

for (const [operation, type] of [
  ['REMOVE', 'MemberRemoved'],
  ['BAN', 'MemberBanned'],
] as const) {
  test(`notices: ${type} names the member, the actor and the reason, also to the removed member; redacted, it has no reason`, async (t) => {
    const { of, read, last, audience } = await scene(t);
    await of(operation, 'Ben', '  too loud ');
    const event = await last();
    t.like(await read(event), {
      type,
      subject: { username: 'Ben' },
      by: { username: 'Ann' },
      reason: 'too loud',
    });
    t.is((await read({ ...event, personal: null, salt: null })).reason, null);
    t.deepEqual(await audience(event), ['Ann', 'Ben']);
  });
}

test('notices: given no reason, then the notice has none', async (t) => {
  const { of, read, last } = await scene(t);
  await of('REMOVE', 'Ben');
  t.is((await read(await last())).reason, null);
});

test('notices: TopicChanged carries the topic; redacted, it has none', async (t) => {
  const { ann, rooms, read, last } = await scene(t);
  await rooms(ann, { operation: 'TOPIC', name: 'lobby', topic: 'weather' });
  const event = await last();
  t.like(await read(event), {
    type: 'TopicChanged',
    topic: 'weather',
    by: { username: 'Ann' },
    reason: null,
  });
  t.false('topic' in (await read({ ...event, personal: null, salt: null })));
});

test('notices: moderation names the actor, and its target is among the recipients', async (t) => {
  const { of, read, last, audience } = await scene(t);
  const steps = [
    ['SUCCESSOR', 'Ben', 'SuccessorNamed', ['Ann', 'Ben']],
    ['PROMOTE', 'Ben', 'AdminPromoted', ['Ann', 'Ben']],
    ['DEMOTE', 'Ben', 'AdminDemoted', ['Ann', 'Ben']],
    ['INVITE', 'Cat', 'MemberInvited', ['Ann', 'Ben', 'Cat']],
    ['BAN', 'Ben', 'MemberBanned', ['Ann', 'Ben']],
    ['UNBAN', 'Ben', 'MemberUnbanned', ['Ann', 'Ben']],
  ] as const;
  for (const [operation, username, type, noticed] of steps) {
    await of(operation, username);
    const event = await last();
    t.like(await read(event), { type, subject: { username }, by: { username: 'Ann' } });
    t.deepEqual(await audience(event), noticed);
  }
});

test('notices: an event that follows from a rule has no actor, and carries the rule or the deadline', async (t) => {
  const { ann, ben, rooms, tell, read, last } = await scene(t);
  await tell({ type: 'AdminsAbsent', deadline: 7_000 });
  t.like(await read(await last()), { type: 'RoomUnattended', deadline: 7_000, by: null, reason: null });
  await tell({ type: 'AdminReturned', account: ann.account });
  t.like(await read(await last()), { type: 'RoomAttended', subject: { username: 'Ann' }, by: null });
  await tell({ type: 'AdminsAbsent', deadline: null });
  t.false('deadline' in (await read(await last())), 'nobody has to wait for a time that never comes');
  await tell({ type: 'AdminReturned', account: ann.account });
  await rooms(ann, { operation: 'DEMOTE', name: 'lobby', username: 'Ann' });
  const down = {
    type: 'AdminSucceeded',
    subject: { username: 'Ben' },
    reason: 'the last admin stepped down',
  };
  t.like(await read(await last()), { ...down, by: null });
  await rooms(ben, { operation: 'QUIT', name: 'lobby' });
  t.like(await read(await last()), { subject: { username: 'Ann' }, reason: 'the last admin left', by: null });
});

test('notices: given a command of the operator, then its notices name no person, the operator and the reason; what follows names the rule', async (t) => {
  const { fixture, ann, read, tell, last } = await scene(t);
  const before = (await fixture.store.head()).position;
  await tell({ type: 'RemoveAsOperator', target: ann.account, personal: { reason: 'spam' } });
  const [removal, succession] = (await fixture.store.readAll({ fromPosition: before + 1, limit: 2 })).filter(
    isApplicable,
  );
  if (removal === undefined || succession === undefined) throw new Error('two events follow');
  t.like(await read(removal), { type: 'MemberRemoved', by: null, isByOperator: true, reason: 'spam' });
  const next = await read(succession);
  t.like(next, { type: 'AdminSucceeded', by: null, reason: 'the operator removed the last admin' });
  t.false('isByOperator' in next);
  await tell({ type: 'CloseRoom', personal: { reason: 'off topic' } });
  t.like(await read(await last()), { type: 'RoomClosed', by: null, isByOperator: true, reason: 'off topic' });
});

test('notices: a stand-in receives the rule that made them admin', async (t) => {
  const { fixture, ben, tell, read } = await scene(t);
  await tell({ type: 'AdminsAbsent', deadline: 7_000 });
  await tell({ type: 'Tick', now: 7_000, online: [ben.account] });
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).filter(isApplicable);
  const event = events.find(({ type }) => type === 'AdminSucceeded');
  t.truthy(event);
  if (event) t.like(await read(event), { reason: 'all admins were away for too long', by: null });
});

test('sync: an open invitation is returned each time, until it is accepted or the room closes', async (t) => {
  const { fixture, ann, ben, cat, rooms, of } = await scene(t);
  const noticed = async (caller: Caller) => {
    const { data } = await fixture.ask.sync(caller, { versions: { [`account-${caller.account}`]: 2 } });
    return syncedSchema.parse(data).notices.map((signed) => {
      const { type, subject, by } = readNotice(fixture.signing, signed);
      return `${type} ${subject.username} by ${by?.username}`;
    });
  };
  t.deepEqual(await noticed(cat), []);
  await of('INVITE', 'Cat');
  for (let time = 0; time < 2; time += 1) t.deepEqual(await noticed(cat), ['MemberInvited Cat by Ann']);
  await rooms(cat, { operation: 'JOIN', name: 'lobby' });
  t.false((await noticed(cat)).includes('MemberInvited Cat by Ann'));
  const dan = await fixture.enrolled('Dan');
  await of('INVITE', 'Dan');
  t.is((await noticed(dan)).length, 1);
  for (const caller of [ann, ben, cat]) await rooms(caller, { operation: 'QUIT', name: 'lobby' });
  t.deepEqual(await noticed(dan), []);
});
