import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { runNotifier } from '../../../actors/reactors/notifier.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import type { AccountId } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import type { Signed } from '../../../core/protocol/signed/signed.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { type Office, openOffice } from '../tracker-fixture.js';
import { readNotice } from '../statements.js';

interface Told {
  readonly account: AccountId;
  readonly notice: Signed;
}

/** Follows the office's log; `stop` lets it end as the tracker does. */
function follow(office: Office, push: (told: Told) => void) {
  const { store, directory, presence, signing, database, writer } = office;
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
    signal: stopping.signal,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return { stop };
}

const brief = ({ signing }: Office, { notice }: Told) => {
  const { version, type, subject, by } = readNotice(signing, notice);
  return `${version} ${type} ${subject.username} by ${by?.username ?? 'nobody'}`;
};

test('notices: each event is told once to those it concerns, and to nobody else', async (t) => {
  const office = await openOffice(t);
  const names = ['Ann', 'Ben', 'Cat', 'Zoe'] as const;
  const people = new Map<string, Caller>();
  for (const name of names) people.set(name, await office.enrolled(name));
  const told: Told[] = [];
  const { stop } = follow(office, (one) => told.push(one));
  t.teardown(stop);
  const move = async (name: string, operation: string) => {
    const caller = people.get(name);
    if (caller) await office.ask.rooms(caller, { operation, name: 'lobby' });
  };
  await move('Ann', 'CREATE');
  await move('Ben', 'JOIN');
  await move('Cat', 'JOIN');
  await move('Ann', 'QUIT');
  await move('Cat', 'QUIT');
  await move('Ben', 'QUIT');
  const closing = () => told.some((one) => brief(office, one).includes('RoomClosed'));
  await until(closing, 'the room’s closing is told');
  const heard = (name: string) =>
    told.filter(({ account }) => account === people.get(name)?.account).map((one) => brief(office, one));
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

test('notices: given a tracker that was stopped, when it follows again, then what happened meanwhile is told, and nothing twice', async (t) => {
  const office = await openOffice(t);
  const told: Told[] = [];
  const ann = await office.enrolled('Ann');
  const first = follow(office, (one) => told.push(one));
  await until(() => told.length === 1, 'the enrolment is told');
  await first.stop();
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  t.is(told.length, 1);
  const second = follow(office, (one) => told.push(one));
  t.teardown(() => second.stop());
  await until(() => told.length === 2, 'the room is told');
  t.deepEqual(
    told.map((one) => brief(office, one)),
    ['2 DeviceEnrolled Ann by Ann', '1 RoomCreated Ann by Ann'],
  );
});

test('notices: given a push that fails, then the event is told again, and none is skipped', async (t) => {
  const office = await openOffice(t);
  const told: Told[] = [];
  let failures = 3;
  const { stop } = follow(office, (one) => {
    if (failures-- > 0) throw new Error('there is no connection');
    told.push(one);
  });
  t.teardown(stop);
  const ann = await office.enrolled('Ann');
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await until(() => told.length === 2, 'both are told');
  t.deepEqual(
    told.map((one) => brief(office, one)),
    ['2 DeviceEnrolled Ann by Ann', '1 RoomCreated Ann by Ann'],
  );
});

test('notices: of a new name everybody online is told, by both names, and the account itself', async (t) => {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const ben = await office.enrolled('Ben');
  await office.enrolled('Zoe');
  office.presence.connected({ id: '1', ...ben });
  const told: Told[] = [];
  const { stop } = follow(office, (one) => told.push(one));
  t.teardown(stop);
  await office.ask.account(ann, { operation: 'RENAME', username: 'Anna' });
  const renamings = () => told.filter((one) => brief(office, one).includes('UsernameChanged'));
  await until(() => renamings().length === 2, 'both notices');
  t.deepEqual(new Set(renamings().map(({ account }) => account)), new Set([ann.account, ben.account]));
  const [first] = renamings();
  const notice = first && readNotice(office.signing, first.notice);
  t.like(notice, { stream: `account-${ann.account}`, version: 3, room: null, formerly: 'Ann' });
  t.like(notice?.subject, { account: ann.account, username: 'Anna', namedAt: office.clock.now() + 1 });
});
