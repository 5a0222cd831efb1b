import test, { type ExecutionContext } from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { runDepartures } from '../../../actors/reactors/disabled-accounts.js';
import type { TrackerHost } from '../../../actors/host.js';
import { ownMetadata } from '../../../actors/system-command.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { type AccountId, systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { until } from '../../support/until.js';
import { type Office, openOffice } from '../tracker-fixture.js';

type Sent = Parameters<TrackerHost['send']>[0];

/** The reactor on the office's log, and the commands that it has given; `send` is the office's own unless told. */
function departing(
  t: ExecutionContext,
  office: Office,
  send: TrackerHost['send'] = (request) => office.host.send(request),
) {
  const { store, directory, database, writer } = office;
  const checkpoints = createSqlCheckpoints(database.reads, writer);
  const stopping = new AbortController();
  const sent: Sent[] = [];
  const watched: TrackerHost['send'] = (request) => {
    sent.push(request);
    return send(request);
  };
  const ended = runDepartures({
    store,
    checkpoints,
    directory,
    host: { send: watched },
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

const tell = (office: Office, account: AccountId, type: 'DisableAccount' | 'EnableAccount') =>
  office.host.send({
    kind: 'account',
    id: account,
    command: type === 'EnableAccount' ? { type, account } : { type, account, personal: { reason: 'a test' } },
    metadata: ownMetadata(systemIds),
  });

async function roomsOf(office: Office, { account }: Caller): Promise<readonly string[]> {
  const rooms = (await office.directory.membershipsOf(account)).map(({ room }) => room);
  return [...(await office.directory.roomNames(rooms)).values()].toSorted();
}

/** Ann leads lobby with Ben, and is alone in attic; cellar is Ben's. */
async function household(t: ExecutionContext) {
  const office = await openOffice(t);
  const [ann, ben] = [await office.enrolled('Ann'), await office.enrolled('Ben')];
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await office.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  await office.ask.rooms(ben, { operation: 'CREATE', name: 'cellar' });
  await office.ask.rooms(ann, { operation: 'JOIN', name: 'cellar' });
  return { office, ann, ben };
}

test('departures: given a disabled account, then it leaves all its rooms, each as the rules have it and for a told cause', async (t) => {
  const { office, ann, ben } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  const { position: disabling } = await office.store.head();
  const reactor = departing(t, office);
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(office, ann), []);
  t.deepEqual(await roomsOf(office, ben), ['cellar', 'lobby']);
  t.is(await office.directory.openRoomNamed('attic'), null, 'its last member has left');
  const after = await office.store.readAll({ fromPosition: disabling + 1, limit: 100 });
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
  const [cause] = await office.store.readAll({ fromPosition: disabling - 1, limit: 1 });
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

test('departures: given a crash before the checkpoint was saved, then nothing happens twice, not even to one who is back', async (t) => {
  const { office, ann } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  const first = departing(t, office);
  await first.caughtUp();
  await first.stop();
  await tell(office, ann.account, 'EnableAccount');
  await office.ask.rooms(ann, { operation: 'JOIN', name: 'lobby' });
  await first.checkpoints.save('departures', 0);
  const { position } = await office.store.head();
  const second = departing(t, office);
  await second.caughtUp();
  t.deepEqual(await roomsOf(office, ann), ['lobby']);
  t.is((await office.store.head()).position, position);
  t.deepEqual(second.sent, [], 'the stay began after');
});

test('departures: given a crash half-way, then the rest is left, and what was is so by the same command', async (t) => {
  const { office, ann } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  let isDead = false;
  const first = departing(t, office, async (request) => {
    if (isDead) throw new Error('the process is gone');
    isDead = true;
    return office.host.send(request);
  });
  await until(() => first.sent.length > 1, 'the first room left, and the second begun');
  await first.stop();
  t.is((await roomsOf(office, ann)).length, 2);
  const second = departing(t, office);
  await second.caughtUp();
  t.deepEqual(await roomsOf(office, ann), []);
  t.deepEqual(second.sent[0]?.metadata, first.sent[1]?.metadata, 'the same command with the same id');
});

test('departures: given a room that has too much to do, then it is tried again until it is left', async (t) => {
  const { office, ann } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  let refusals = 2;
  const reactor = departing(t, office, async (request) => {
    if (refusals === 0) return office.host.send(request);
    refusals -= 1;
    return { kind: 'busy', retryAfterMs: 1 };
  });
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(office, ann), []);
});

test('departures: given one who came into a room just after being disabled, then they are out of it again', async (t) => {
  const { office, ann, ben } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  const reactor = departing(t, office);
  await reactor.caughtUp();
  // What was asked before is done after: the room does not know.
  await office.ask.rooms(ann, { operation: 'JOIN', name: 'lobby' });
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'hideout' });
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(office, ann), []);
  t.is(await office.directory.openRoomNamed('hideout'), null);
  t.deepEqual(await roomsOf(office, ben), ['cellar', 'lobby']);
});

test('departures: given one who is disabled and enabled before the reactor comes to it, then they leave all the same', async (t) => {
  const { office, ann } = await household(t);
  await tell(office, ann.account, 'DisableAccount');
  await tell(office, ann.account, 'EnableAccount');
  await office.ask.rooms(ann, { operation: 'CREATE', name: 'fresh' });
  const reactor = departing(t, office);
  await reactor.caughtUp();
  t.deepEqual(await roomsOf(office, ann), ['fresh']);
});
