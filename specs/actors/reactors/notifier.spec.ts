import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { runNotifier } from '../../../actors/reactors/notifier.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import type { AccountId } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { readNotice } from '../statements.js';
import { memoryStoppedStreams } from '../../core/events/stopped-streams.js';

interface Pushed {
  readonly account: AccountId;
  readonly notice: Signed;
}

/** Follows the fixture's log; `stop` ends it as the tracker does. */
function follow(fixture: TrackerFixture, push: (pushed: Pushed) => void) {
  const { store, directory, presence, signing, database, writer } = fixture;
  const stopping = new AbortController();
  const ended = runNotifier({
    store,
    checkpoints: createSqlCheckpoints(database.reads, writer),
    directory,
    presence,
    signing,
    log: silentLog,
    schedule: keepAliveSchedule,
    push: (accounts, notice) => {
      for (const account of accounts) push({ account, notice });
    },
    stopped: memoryStoppedStreams(),
    signal: stopping.signal,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return { stop };
}

const brief = ({ signing }: TrackerFixture, { notice }: Pushed) => {
  const { version, type, subject, by } = readNotice(signing, notice);
  return `${version} ${type} ${subject.username} by ${by?.username ?? 'nobody'}`;
};

test('notices: each event is sent once to the accounts it concerns, and to nobody else', async (t) => {
  const fixture = await openTrackerFixture(t);
  const names = ['Ann', 'Ben', 'Cat', 'Zoe'] as const;
  const people = new Map<string, Caller>();
  for (const name of names) people.set(name, await fixture.enrolled(name));
  const setState: Pushed[] = [];
  const { stop } = follow(fixture, (one) => setState.push(one));
  t.teardown(stop);
  const move = async (name: string, operation: string) => {
    const caller = people.get(name);
    if (caller) await fixture.ask.rooms(caller, { operation, name: 'lobby' });
  };
  await move('Ann', 'CREATE');
  await move('Ben', 'JOIN');
  await move('Cat', 'JOIN');
  await move('Ann', 'QUIT');
  await move('Cat', 'QUIT');
  await move('Ben', 'QUIT');
  const closing = () => setState.some((one) => brief(fixture, one).includes('RoomClosed'));
  await until(closing, 'the room’s closing is told');
  const heard = (name: string) =>
    setState.filter(({ account }) => account === people.get(name)?.account).map((one) => brief(fixture, one));
  t.deepEqual(heard('Ann'), [
    '2 DeviceEnrolled Ann by Ann',
    '1 RoomCreated Ann by Ann',
    '2 MemberJoined Ben by Ben',
    '3 MemberJoined Cat by Cat',
    '4 MemberLeft Ann by Ann',
  ]);
  t.deepEqual(heard('Ben'), [
    '2 DeviceEnrolled Ben by Ben',
    '2 MemberJoined Ben by Ben',
    '3 MemberJoined Cat by Cat',
    '4 MemberLeft Ann by Ann',
    '5 AdminSucceeded Ben by nobody',
    '6 MemberLeft Cat by Cat',
    '7 MemberLeft Ben by Ben',
    '8 RoomClosed Ben by nobody',
  ]);
  t.deepEqual(heard('Cat'), [
    '2 DeviceEnrolled Cat by Cat',
    '3 MemberJoined Cat by Cat',
    '4 MemberLeft Ann by Ann',
    '5 AdminSucceeded Ben by nobody',
    '6 MemberLeft Cat by Cat',
  ]);
  t.deepEqual(heard('Zoe'), ['2 DeviceEnrolled Zoe by Zoe']);
});

test('notices: given a tracker that was stopped, when it follows again, then missed events are sent, and none twice', async (t) => {
  const fixture = await openTrackerFixture(t);
  const setState: Pushed[] = [];
  const ann = await fixture.enrolled('Ann');
  const first = follow(fixture, (one) => setState.push(one));
  await until(() => setState.length === 1, 'the enrolment is told');
  await first.stop();
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  t.is(setState.length, 1);
  const second = follow(fixture, (one) => setState.push(one));
  t.teardown(() => second.stop());
  await until(() => setState.length === 2, 'the room is told');
  t.deepEqual(
    setState.map((one) => brief(fixture, one)),
    ['2 DeviceEnrolled Ann by Ann', '1 RoomCreated Ann by Ann'],
  );
});

test('notices: given a push that fails, then the event is sent again, and none is skipped', async (t) => {
  const fixture = await openTrackerFixture(t);
  const setState: Pushed[] = [];
  let failures = 3;
  const { stop } = follow(fixture, (one) => {
    if (failures-- > 0) throw new Error('there is no connection');
    setState.push(one);
  });
  t.teardown(stop);
  const ann = await fixture.enrolled('Ann');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await until(() => setState.length === 2, 'both are told');
  t.deepEqual(
    setState.map((one) => brief(fixture, one)),
    ['2 DeviceEnrolled Ann by Ann', '1 RoomCreated Ann by Ann'],
  );
});

test('notices: everyone online, including the account itself, receives a new name with the old one', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  await fixture.enrolled('Zoe');
  fixture.presence.connected({ id: '1', ...ben });
  const setState: Pushed[] = [];
  const { stop } = follow(fixture, (one) => setState.push(one));
  t.teardown(stop);
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Anna' });
  const renamings = () => setState.filter((one) => brief(fixture, one).includes('UsernameChanged'));
  await until(() => renamings().length === 2, 'both notices');
  t.deepEqual(new Set(renamings().map(({ account }) => account)), new Set([ann.account, ben.account]));
  const [first] = renamings();
  const notice = first && readNotice(fixture.signing, first.notice);
  t.like(notice, { stream: `account-${ann.account}`, version: 3, room: null, formerly: 'Ann' });
  t.like(notice?.subject, { account: ann.account, username: 'Anna', namedAt: fixture.clock.now() + 1 });
});
