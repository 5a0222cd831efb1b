import test, { type ExecutionContext } from 'ava';
import { verifyHome } from '../../../admin/verify.js';
import type { Caller } from '../../../actors/caller.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import { homeOf } from '../../admin/histories.js';
import { newCommandId, openTrackerFixture } from '../tracker-fixture.js';

async function scene(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const cat = await fixture.enrolled('Cat');
  const { rooms } = fixture.ask;
  await rooms(ann, { operation: 'CREATE', name: 'lobby', isPrivate: true });
  for (const [guest, username] of [
    [ben, 'Ben'],
    [cat, 'Cat'],
  ] as const) {
    await rooms(ann, { operation: 'INVITE', name: 'lobby', username });
    await rooms(guest, { operation: 'JOIN', name: 'lobby' });
  }
  const of = (operation: string, username: string) =>
    rooms(ann, { operation, name: 'lobby', username, reason: 'noise' });
  const room = async () => {
    const row = await fixture.directory.openRoomNamed('lobby');
    if (row === null) throw new Error('there is no lobby');
    return row;
  };
  /** Sends a system command to the room. */
  const tell = async (command: RoomCommand) => {
    const id = newCommandId();
    const trail = { commandId: id, correlationId: id, causationId: null, traceparent: null };
    const metadata = { account: null, device: null, ...trail };
    return fixture.host.send({
      kind: 'room',
      id: (await room()).id.slice('room-'.length),
      command,
      metadata,
    });
  };
  const isIntact = async () => (await verifyHome(homeOf(t, fixture), () => undefined)).kind;
  return { fixture, ann, ben, cat, rooms, of, room, tell, isIntact };
}

test('projections: events add and remove bans and invitations, and closing the room removes all of them', async (t) => {
  const { fixture, ann, ben, cat, rooms, of, room, isIntact } = await scene(t);
  const { directory } = fixture;
  const dan = await fixture.enrolled('Dan');
  const { id } = await room();
  const invited = async ({ account }: Caller) => (await directory.invitationsOf(account, 10)).length;
  t.is(await invited(ben), 0, 'joining used the invitation');
  await of('INVITE', 'Dan');
  t.is(await invited(dan), 1);
  await of('BAN', 'Ben');
  t.true(await directory.isBanned(id, ben.account));
  await of('UNBAN', 'Ben');
  t.false(await directory.isBanned(id, ben.account));
  await of('BAN', 'Cat');
  t.is(await isIntact(), 'intact');
  await rooms(ann, { operation: 'QUIT', name: 'lobby' });
  t.is(await invited(dan), 0);
  t.false(await directory.isBanned(id, cat.account));
  t.is(await isIntact(), 'intact');
});

test('projections: a named successor is kept until they become admin or leave', async (t) => {
  const { ben, cat, rooms, of, room, isIntact } = await scene(t);
  await of('SUCCESSOR', 'Cat');
  t.is((await room()).successor, cat.account);
  await of('SUCCESSOR', 'Ben');
  t.is((await room()).successor, ben.account);
  await of('PROMOTE', 'Ben');
  t.is((await room()).successor, null);
  for (const operation of ['REMOVE', 'BAN']) {
    await of('SUCCESSOR', 'Cat');
    await of(operation, 'Cat');
    t.is((await room()).successor, null, operation);
    await of('INVITE', 'Cat');
    await rooms(cat, { operation: 'JOIN', name: 'lobby' });
  }
  t.is(await isIntact(), 'intact');
});

test('projections: a room has its attendance, its deadline and its admins in order', async (t) => {
  const { fixture, ann, cat, room, tell, isIntact } = await scene(t);
  await tell({ type: 'AdminsAbsent', deadline: 5_000 });
  t.like(await room(), { isAttended: false, deadline: 5_000 });
  t.like(await fixture.directory.leaders(), [{ account: ann.account, isAttended: false, deadline: 5_000 }]);
  await tell({ type: 'AdminReturned', account: ann.account });
  t.like(await room(), { isAttended: true, deadline: null });
  await tell({ type: 'AdminsAbsent', deadline: null });
  t.like(await room(), { isAttended: false, deadline: null });
  await tell({ type: 'AdminReturned', account: ann.account });
  await tell({ type: 'AdminsAbsent', deadline: 5_000 });
  await tell({ type: 'Tick', now: 5_000, online: [cat.account] });
  t.like(await room(), { isAttended: true, deadline: null });
  const leaders = (await fixture.directory.leaders()).map(({ account }) => account);
  t.deepEqual(leaders, [ann.account, cat.account]);
  t.is(await isIntact(), 'intact');
});
