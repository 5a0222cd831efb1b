import test, { type ExecutionContext } from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { runDisabledAccounts } from '../../../actors/reactors/disabled-accounts.js';
import type { TrackerHost } from '../../../actors/host.js';
import { systemMetadata } from '../../../actors/system-command.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { type AccountId, systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { memoryStoppedStreams } from '../../core/events/stopped-streams.js';

type Sent = Parameters<TrackerHost['send']>[0];

/** The reactor on the fixture's log, and the commands that it sent; by default they go to the fixture's host. */
function departing(
  t: ExecutionContext,
  fixture: TrackerFixture,
  send: TrackerHost['send'] = (request) => fixture.host.send(request),
) {
  const { store, directory, database, writer } = fixture;
  const checkpoints = createSqlCheckpoints(database.reads, writer);
  const stopping = new AbortController();
  const sent: Sent[] = [];
  const watched: TrackerHost['send'] = (request) => {
    sent.push(request);
    return send(request);
  };
  const ended = runDisabledAccounts({
    store,
    checkpoints,
    directory,
    host: { send: watched },
    stopped: memoryStoppedStreams(),
    signal: stopping.signal,
    log: silentLog,
    schedule: keepAliveSchedule,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  t.teardown(stop);
  const caughtUp = () =>
    until(
      async () => (await checkpoints.load('departures')) === (await store.head()).position,
      'the reactor being at the end of the log',
    );
  return { sent, stop, caughtUp, checkpoints };
}

const tell = (fixture: TrackerFixture, account: AccountId, type: 'DisableAccount' | 'EnableAccount') =>
  fixture.host.send({
    kind: 'account',
    id: account,
    command: type === 'EnableAccount' ? { type, account } : { type, account, personal: { reason: 'a test' } },
    metadata: systemMetadata(systemIds),
  });

async function roomsOf(fixture: TrackerFixture, { account }: Caller): Promise<readonly string[]> {
  const rooms = (await fixture.directory.membershipsOf(account)).map(({ room }) => room);
  return [...(await fixture.directory.roomNames(rooms)).values()].toSorted();
}

/** Ann is admin of lobby, which Ben has joined, and alone in attic; cellar is Ben's. */
async function household(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  await fixture.ask.rooms(ben, { operation: 'CREATE', name: 'cellar' });
  await fixture.ask.rooms(ann, { operation: 'JOIN', name: 'cellar' });
  return { fixture, ann, ben };
}

test('disabled accounts: given a disabled account, then it leaves all its rooms by the rules and with the cause', async (t) => {
  const { fixture, ann, ben } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  const { position: disabling } = await fixture.store.head();
  const reactor = departing(t, fixture);
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), []);
  t.deepEqual(await roomsOf(fixture, ben), ['cellar', 'lobby']);
  t.is(await fixture.directory.openRoomNamed('attic'), null, 'its last member has left');
  const after = await fixture.store.readAll({ fromPosition: disabling + 1, limit: 100 });
  t.deepEqual(
    after.map(({ type, payload }) => JSON.stringify([type, payload['because'] ?? null])).toSorted(),
    [
      '["AdminSucceeded","left"]',
      '["MemberLeft","disabled"]',
      '["MemberLeft","disabled"]',
      '["MemberLeft","disabled"]',
      '["RoomClosed",null]',
    ],
  );
  const [cause] = await fixture.store.readAll({ fromPosition: disabling - 1, limit: 1 });
  t.is(cause?.type, 'AccountDisabled');
  for (const { metadata } of after) {
    t.like(metadata, {
      account: null,
      device: null,
      causationId: `${cause?.stream}/${cause?.version}`,
      correlationId: cause?.metadata.correlationId,
    });
  }
  t.is(new Set(after.map(({ metadata }) => metadata.commandId)).size, 3, 'a command a room');
});

test('disabled accounts: given a crash before the checkpoint, then nothing is repeated, also for an account that rejoined', async (t) => {
  const { fixture, ann } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  const first = departing(t, fixture);
  await first.caughtUp();
  await first.stop();
  await tell(fixture, ann.account, 'EnableAccount');
  await fixture.ask.rooms(ann, { operation: 'JOIN', name: 'lobby' });
  await first.checkpoints.save('departures', 0);
  const { position } = await fixture.store.head();
  const second = departing(t, fixture);
  await second.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), ['lobby']);
  t.is((await fixture.store.head()).position, position);
  t.deepEqual(second.sent, [], 'the stay began after');
});

test('disabled accounts: given a crash in between, then the remaining rooms are left, and no command is repeated', async (t) => {
  const { fixture, ann } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  let isDead = false;
  const first = departing(t, fixture, async (request) => {
    if (isDead) throw new Error('the process is gone');
    isDead = true;
    return fixture.host.send(request);
  });
  await until(() => first.sent.length > 1, 'the first room left, and the second begun');
  await first.stop();
  t.is((await roomsOf(fixture, ann)).length, 2);
  const second = departing(t, fixture);
  await second.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), []);
  t.deepEqual(second.sent[0]?.metadata, first.sent[1]?.metadata, 'the same command with the same id');
});

test('disabled accounts: given a busy room, then the leave is retried until it succeeds', async (t) => {
  const { fixture, ann } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  let refusals = 2;
  const reactor = departing(t, fixture, async (request) => {
    if (refusals === 0) return fixture.host.send(request);
    refusals -= 1;
    return { kind: 'busy', retryAfterMs: 1 };
  });
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), []);
});

test('disabled accounts: given an account that entered a room just after it was disabled, then it leaves that room', async (t) => {
  const { fixture, ann, ben } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  const reactor = departing(t, fixture);
  await reactor.caughtUp();
  // Stands for a request that arrived before the account was disabled and is applied afterwards. The room does not check the
  // account.
  await fixture.ask.rooms(ann, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'hideout' });
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), []);
  t.is(await fixture.directory.openRoomNamed('hideout'), null);
  t.deepEqual(await roomsOf(fixture, ben), ['cellar', 'lobby']);
});

test('disabled accounts: given an account that is enabled again before the reactor runs, then it still leaves its rooms', async (t) => {
  const { fixture, ann } = await household(t);
  await tell(fixture, ann.account, 'DisableAccount');
  await tell(fixture, ann.account, 'EnableAccount');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'fresh' });
  const reactor = departing(t, fixture);
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(fixture, ann), ['fresh']);
});
