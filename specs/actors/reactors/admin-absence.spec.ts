// Rooms with absent admins, from presence to the tables, with a clock that the spec moves.
import test from 'ava';
import { createAdminAbsence, GRACE_MS, REVIEW_INTERVAL_MS } from '../../../actors/reactors/admin-absence.js';
import type { Caller } from '../../../actors/caller.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { handTimers } from '../timers.js';

const ABSENCE_MS = 86_400_000;

async function scene(t: Parameters<typeof openTrackerFixture>[0], absenceMs: number | null = ABSENCE_MS) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
  ];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  for (const one of [ben, cat]) await fixture.ask.rooms(one, { operation: 'JOIN', name: 'lobby' });
  const online = new Map<string, string>();
  const arrive = ({ account, device }: Caller): void => {
    online.set(account, `server/${online.size}`);
    fixture.presence.connected({ id: online.get(account) ?? '', account, device });
  };
  const go = ({ account }: Caller): void => {
    fixture.presence.disconnected(online.get(account) ?? '');
    fixture.timers.elapse();
  };
  const adminAbsence = startAttendance(fixture, absenceMs);
  const after = async (durationMs: number): Promise<void> => {
    fixture.clock.advance(durationMs);
    await adminAbsence.review();
  };
  const room = async () => {
    const row = await fixture.directory.openRoomNamed('lobby');
    if (row === null) throw new Error('the room is closed');
    const members = await fixture.directory.members(row.id);
    const people = await fixture.directory.people(members.map(({ account }) => account));
    const admins = members.filter(({ isAdmin }) => isAdmin);
    return { ...row, admins: admins.map(({ account }) => people.get(account)?.username) };
  };
  return { fixture, ann, ben, cat, adminAbsence, arrive, go, after, room };
}

function startAttendance(fixture: TrackerFixture, absenceMs: number | null) {
  const { directory, host, presence, clock, steadyClock } = fixture;
  const { schedule } = handTimers();
  return createAdminAbsence({
    directory,
    host,
    presence,
    absenceMs,
    clock,
    steadyClock,
    schedule,
    ids: systemIds,
    log: silentLog,
  });
}

test('admin absence: given no admin online, when five minutes have passed, then the room is unattended, and not earlier', async (t) => {
  const { arrive, ben, adminAbsence, after, room, fixture } = await scene(t);
  arrive(ben);
  await adminAbsence.review();
  await after(GRACE_MS - 1);
  t.true((await room()).isAttended);
  await after(1);
  t.like(await room(), { isAttended: false, deadline: fixture.clock.now() + ABSENCE_MS });
});

test('admin absence: given an admin who returns in time, then nothing happens, and the time starts again', async (t) => {
  const { arrive, go, ann, adminAbsence, after, room } = await scene(t);
  await adminAbsence.review();
  await after(GRACE_MS - 1);
  arrive(ann);
  await after(REVIEW_INTERVAL_MS);
  go(ann);
  await after(1);
  await after(GRACE_MS - 1);
  t.true((await room()).isAttended);
  await after(1);
  t.false((await room()).isAttended);
});

test('admin absence: given an unattended room, when an admin is back, then it is attended, and nobody was promoted', async (t) => {
  const { arrive, ann, ben, adminAbsence, after, room } = await scene(t);
  arrive(ben);
  await adminAbsence.review();
  await after(GRACE_MS);
  arrive(ann);
  await after(0);
  t.like(await room(), { isAttended: true, deadline: null, admins: ['Ann'] });
});

test('admin absence: given an unattended room, when its time is over, then the longest-standing online member becomes admin too', async (t) => {
  const { arrive, cat, adminAbsence, after, room } = await scene(t);
  arrive(cat);
  await adminAbsence.review();
  await after(GRACE_MS);
  await after(ABSENCE_MS - 1);
  t.deepEqual((await room()).admins, ['Ann']);
  await after(1);
  t.like(await room(), { isAttended: true, admins: ['Ann', 'Cat'] }, 'Ben stands longer, but is offline');
});

test('admin absence: given nobody online at the deadline, then the first member to come online becomes admin', async (t) => {
  const { arrive, ben, adminAbsence, after, room } = await scene(t);
  await adminAbsence.review();
  await after(GRACE_MS);
  await after(2 * ABSENCE_MS);
  t.like(await room(), { isAttended: false, admins: ['Ann'] });
  arrive(ben);
  await after(0);
  t.like(await room(), { isAttended: true, admins: ['Ann', 'Ben'] });
});

test('admin absence: given a restart, then the deadline is kept, and nobody counts as absent for five minutes', async (t) => {
  const { fixture, arrive, ben, adminAbsence, after, room } = await scene(t);
  arrive(ben);
  await adminAbsence.review();
  await after(GRACE_MS);
  const { deadline } = await room();
  adminAbsence.stop();
  await fixture.ask.rooms(ben, { operation: 'CREATE', name: 'attic' });
  const next = startAttendance(fixture, ABSENCE_MS);
  await next.review();
  t.is((await room()).deadline, deadline, 'it is what it was');
  fixture.clock.advance(ABSENCE_MS);
  await next.review();
  t.deepEqual((await room()).admins, ['Ann', 'Ben']);
});

test('admin absence: given no deadline, then no member becomes admin', async (t) => {
  const { arrive, ben, adminAbsence, after, room } = await scene(t, null);
  arrive(ben);
  await adminAbsence.review();
  await after(GRACE_MS);
  await after(1_000 * ABSENCE_MS);
  t.like(await room(), { isAttended: false, deadline: null, admins: ['Ann'] });
});

for (const [direction, stepMs] of [
  ['forward', ABSENCE_MS],
  ['back', -ABSENCE_MS],
] as const) {
  test(`admin absence: given no admin online, when the machine's clock is set ${direction} by a day, then the five minutes are unaffected`, async (t) => {
    const { arrive, ben, adminAbsence, after, room, fixture } = await scene(t);
    arrive(ben);
    await adminAbsence.review();
    await after(GRACE_MS - 1);
    fixture.clock.step(stepMs);
    await after(0);
    t.true((await room()).isAttended);
    await after(1);
    t.like(await room(), { isAttended: false, deadline: fixture.clock.now() + ABSENCE_MS });
  });
}
