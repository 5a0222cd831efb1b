// One room has an event that a newer version wrote: each follower of the log stops serving this room and continues to serve the
// other rooms.
import test, { type ExecutionContext } from 'ava';
import { createAdminAbsence, GRACE_MS } from '../../../actors/reactors/admin-absence.js';
import { runDisabledAccounts } from '../../../actors/reactors/disabled-accounts.js';
import { runNotifier } from '../../../actors/reactors/notifier.js';
import { runRevocations } from '../../../actors/reactors/revocations.js';
import { rebuildHome } from '../../../admin/rebuild.js';
import { verificationError, verificationText, verifyHome } from '../../../admin/verify.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { createSqlStoppedStreams } from '../../../core/events/sql/stopped-streams.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { homeOf } from '../../admin/histories.js';
import { append, event } from '../../core/events/samples.js';
import { until } from '../../support/until.js';
import { openLocalEndpoints } from '../local-endpoints.js';
import { readNotice } from '../statements.js';
import { openTrackerFixture } from '../tracker-fixture.js';

const REASON = 'this version of Partyline does not know events of the type "RoomArchived"';

/** Two rooms of Ann and Ben. The attic has an event of a newer version, and then both rooms have a new topic. */
async function scene(t: ExecutionContext, unreadable = event('RoomArchived', { payload: {} })) {
  const fixture = await openTrackerFixture(t);
  const { ask, database, writer, clock } = fixture;
  const [ann, ben] = [await fixture.enrolled('ann'), await fixture.enrolled('ben')];
  for (const name of ['attic', 'lobby']) {
    await ask.rooms(ann, { operation: 'CREATE', name });
    await ask.rooms(ben, { operation: 'JOIN', name });
  }
  const attic = (await fixture.directory.openRoomNamed('attic'))?.id ?? '';
  const lobby = (await fixture.directory.openRoomNamed('lobby'))?.id ?? '';
  const { version = 0 } = (await fixture.directory.openRoomNamed('attic')) ?? {};
  const plain = createSqlStore({
    reads: database.reads,
    writer,
    clock,
    newSalt: () => 'salt',
    projections: [],
  });
  await plain.append(append(attic, version, { events: [unreadable] }));
  await ask.rooms(ann, { operation: 'TOPIC', name: 'lobby', topic: 'still here' });
  const stopped = createSqlStoppedStreams(database.reads, writer);
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  // A follower must have ended before the database closes.
  t.teardown(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  const following = {
    store: fixture.store,
    checkpoints: createSqlCheckpoints(database.reads, writer),
    stopped,
    log: silentLog,
    schedule: keepAliveSchedule,
    signal: stopping.signal,
  };
  const reaches = async (follower: string): Promise<void> => {
    const { position } = await fixture.store.head();
    await until(async () => (await following.checkpoints.load(follower)) === position, 'the end of the log');
    const [entry, ...others] = await stopped.load(follower);
    t.like(entry, { stream: attic, version: version + 1, reason: REASON });
    t.deepEqual(others, []);
  };
  const run = (follower: Promise<void>): void => void running.push(follower);
  return { ...fixture, ann, ben, attic, lobby, following, reaches, run };
}

test('unknown events: the notifier still sends the notices of other rooms', async (t) => {
  const { reaches, run, lobby, ...fixture } = await scene(t);
  const { directory, presence, signing, following } = fixture;
  const topics: string[] = [];
  run(
    runNotifier({
      ...following,
      directory,
      presence,
      signing,
      push: (_, notice) => {
        const { type, stream } = readNotice(signing, notice);
        if (type === 'TopicChanged') topics.push(stream);
      },
    }),
  );
  await reaches('notices');
  t.deepEqual(topics, [lobby]);
});

test('unknown events: revoked devices are still disconnected', async (t) => {
  const { ask, ben, reaches, run, following } = await scene(t);
  await ask.account(ben, { operation: 'LOGOUT' });
  const kicked: string[] = [];
  run(
    runRevocations({
      ...following,
      accountJwt: async () => 'jwt',
      enforce: async () => undefined,
      kick: (device) => void kicked.push(device),
    }),
  );
  await reaches('revocations');
  t.deepEqual(kicked, [ben.device]);
});

test('unknown events: a disabled account still leaves its other rooms', async (t) => {
  const { host, ben, lobby, directory, run, following } = await scene(t);
  const { account } = ben;
  const metadata = {
    account: null,
    device: null,
    commandId: 'c',
    correlationId: 'c',
    causationId: null,
    traceparent: null,
  };
  await host.send({
    kind: 'account',
    id: account,
    command: { type: 'DisableAccount', account, personal: { reason: 'spam' } },
    metadata,
  });
  run(runDisabledAccounts({ ...following, directory, host }));
  await until(
    async () => !(await directory.membershipsOf(account)).some(({ room }) => room === lobby),
    'the account left the lobby',
  );
  await until(async () => (await following.stopped.load('departures')).length === 2, 'both stopped streams');
  t.regex((await following.stopped.load('departures')).at(-1)?.reason ?? '', /RoomArchived/);
});

test('unknown events: the absence of admins is still noticed in other rooms', async (t) => {
  const { directory, host, presence, clock, steadyClock, timers, lobby, attic } = await scene(t);
  const absence = createAdminAbsence({
    directory,
    host,
    presence,
    absenceMs: 1_000,
    clock,
    steadyClock,
    schedule: timers.schedule,
    ids: systemIds,
    log: silentLog,
  });
  t.teardown(() => absence.stop());
  await absence.review();
  clock.advance(GRACE_MS);
  await absence.review();
  const attended = async (room: string) =>
    (await directory.leaders()).filter((leader) => leader.room === room).map(({ isAttended }) => isAttended);
  t.deepEqual(await attended(lobby), [false]);
  t.deepEqual(await attended(attic), [true]);
});

test('unknown events: a sync still returns the notices and rosters of other rooms', async (t) => {
  const { ask, ben, signing, attic, lobby } = await scene(t);
  const answer = syncedSchema.parse((await ask.sync(ben, { versions: {} })).data);
  const notices = answer.notices.map((notice) => readNotice(signing, notice));
  t.true(notices.some(({ stream, type }) => stream === lobby && type === 'TopicChanged'));
  t.deepEqual(
    notices.filter(({ stream }) => stream === attic).map(({ type }) => type),
    ['MemberJoined'],
  );
  t.is(answer.rosters.length, 2);
});

/** Events that this version cannot apply. */
const unreadableEvents = {
  'of an unknown type': event('RoomArchived', { payload: {} }),
  'of a future schema version': event('MemberLeft', { schemaVersion: 9 }),
};

for (const [kind, unreadable] of Object.entries(unreadableEvents)) {
  test(`unknown events: given an event ${kind}, then requests for its room are refused as HISTORY_UNREADABLE without the operator's remedy, and other rooms are served`, async (t) => {
    const { ann, ...fixture } = await scene(t, unreadable);
    const endpoints = openLocalEndpoints(fixture);
    const retitle = (name: string) =>
      endpoints.command(ann, 'chatroom', { operation: 'TOPIC', name, topic: 'again' }).send();
    const refused = await retitle('attic');
    t.like(refused, { status: 501, phrase: 'HISTORY_UNREADABLE' });
    t.regex(
      refused.message,
      /Tell the operator of the tracker\. Other rooms and accounts are not affected\./,
    );
    t.notRegex(refused.message, /version|room-/);
    t.like(await retitle('lobby'), { phrase: 'TOPIC_CHANGED_S' });
  });
}

test('unknown events: given an event whose payload the tables cannot apply, then verify names it and proves the rest of the log, and rebuild changes nothing', async (t) => {
  const fixture = await scene(t, event('MemberJoined', { payload: { who: 'nobody' } }));
  const home = homeOf(t, fixture);
  const result = await verifyHome(home, () => undefined);
  t.like(result, { kind: 'unknown', unknown: { position: 9, stream: fixture.attic } });
  const message = /^the event at position 9 in .* cannot be read: the tables of rooms cannot apply it/;
  t.regex(verificationError(result)?.message ?? '', message);
  await t.throwsAsync(
    rebuildHome(home, () => undefined),
    { message },
  );
});

test('unknown events: verify proves the log and names the event, and rebuild changes nothing', async (t) => {
  const fixture = await scene(t);
  const home = homeOf(t, fixture);
  const result = await verifyHome(home, () => undefined);
  const message = `the event at position 9 in ${fixture.attic} cannot be read: ${REASON}`;
  t.is(verificationError(result)?.message, message);
  t.regex(verificationText(result).join('\n'), /hash chain, positions and texts are intact/);
  t.regex(verificationText(result).join('\n'), /tables {6}not compared/);
  await t.throwsAsync(
    rebuildHome(home, () => undefined),
    { message },
  );
});
