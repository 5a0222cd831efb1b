import test from 'ava';
import { runRevocations } from '../../../actors/reactors/revocations.js';
import { spell } from '../../../core/bus/broker/version.js';
import { BusError } from '../../../core/bus/connection/failure.js';
import type { BusEvent } from '../../../core/bus/connection/bus-event.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { silentLog } from '../../../core/log.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { everyNats } from '../../support/bus/broker.js';
import { until } from '../../support/until.js';
import { enter, guestOf, openTracker, type Terminal, terminalOf } from '../deployment.js';
import { newCommandId, type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { memoryStoppedStreams } from '../../core/events/stopped-streams.js';

const logout = { operation: 'LOGOUT' };

/** Follows the fixture's log; `enforce` gets the devices that the broker must refuse. */
function expel(fixture: TrackerFixture, enforce: (devices: readonly string[]) => void) {
  const { store, database, writer, revocations } = fixture;
  const stopping = new AbortController();
  const kicked: string[] = [];
  const ended = runRevocations({
    store,
    checkpoints: createSqlCheckpoints(database.reads, writer),
    accountJwt: async () => [...(await revocations.since(0)).keys()].join(' '),
    enforce: async (list) => enforce(list.split(' ')),
    kick: (device) => void kicked.push(device),
    stopped: memoryStoppedStreams(),
    signal: stopping.signal,
    log: silentLog,
    schedule: keepAliveSchedule,
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended;
  };
  return { kicked, stop };
}

// Awaited before the first title, because AVA needs all titles to be declared synchronously.
const every = await everyNats();
const refused = { instanceOf: BusError, message: /does not accept the JWT/ };

function statusesOf({ bus }: Terminal): readonly BusEvent['type'][] {
  const statuses: BusEvent['type'][] = [];
  bus.onStatus(({ type }) => void statuses.push(type));
  return statuses;
}

test('revocations: given a broker that does not answer, then the update is retried until it does, also after a restart', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  let attempts = 0;
  const first = expel(fixture, () => {
    attempts += 1;
    throw new BusError('disconnected', 'there is no connection');
  });
  await fixture.ask.account(ann, logout);
  await until(() => attempts > 1, 'it is tried again');
  await first.stop();
  t.deepEqual(first.kicked, []);
  await fixture.ask.account(ben, logout);
  const enforced: (readonly string[])[] = [];
  const second = expel(fixture, (devices) => enforced.push(devices));
  t.teardown(() => second.stop());
  await until(() => second.kicked.length === 2, 'both are out');
  t.deepEqual(second.kicked, [ann.device, ben.device]);
  t.deepEqual(
    enforced.map((devices) => devices.toSorted()),
    [[ann.device, ben.device].toSorted()],
    'one push for both',
  );
});

test('revocations: a revocation voids all earlier grants of the device, and no later ones', async (t) => {
  const { enrolled, ask, revocations, host, clock } = await openTrackerFixture(t);
  const ann = await enrolled('Ann');
  t.is(await revocations.earliestGrant(ann.device), 0);
  let latest = clock.now();
  for (const pauseMs of [0, 10, 400, 70_000, 0]) {
    clock.advance(pauseMs);
    await ask.account(ann, logout);
    const voidUntil = (await revocations.since(0)).get(ann.device) ?? 0;
    t.true(Math.floor(voidUntil / 1_000) >= Math.floor(latest / 1_000), 'what was granted is void');
    const id = newCommandId();
    const metadata = { ...ann, commandId: id, correlationId: id, causationId: null, traceparent: null };
    await host.send({
      kind: 'account',
      id: ann.account,
      command: { type: 'EnrolDevice', ...ann, personal: { deviceName: 'desk' } },
      metadata,
    });
    latest = Math.max(clock.now(), await revocations.earliestGrant(ann.device));
    t.true(Math.floor(latest / 1_000) > Math.floor(voidUntil / 1_000), 'what is granted now is not');
  }
});

for (const nats of every) {
  const version = spell(nats.version);

  test(`revocations: given nats-server ${version}, when a device logs out, then it gets an answer and is disconnected, and nobody else notices`, async (t) => {
    const tracker = await openTracker(t, { nats });
    const [ann, ben] = [await enter(t, tracker, 'Ann'), await enter(t, tracker, 'Ben')];
    const phone = await enter(t, tracker, 'ann', 'login');
    const [gone, stay, other] = [statusesOf(phone), statusesOf(ann), statusesOf(ben)];
    t.is((await phone.command('account', { operation: 'LOGOUT' })).phrase, 'LOGOUT_SUCCESSFUL');
    await until(() => gone.includes('unauthorized'), 'it is out');
    await t.throwsAsync(terminalOf(t, tracker, phone.grant, phone.key), refused, 'its JWT is void');
    t.deepEqual([...stay, ...other], []);
    t.is((await ann.command('people', { operation: 'LIST' })).status, 300);
  });

  test(`revocations: given nats-server ${version}, then revoked devices stay out after a broker crash and a tracker restart`, async (t) => {
    const tracker = await openTracker(t, { nats });
    const ann = await enter(t, tracker, 'Ann');
    const phone = await enter(t, tracker, 'ann', 'login');
    const gone = statusesOf(phone);
    await phone.command('account', { operation: 'LOGOUT' });
    await until(() => gone.includes('unauthorized'), 'it is out');
    for (const round of [1, 2]) {
      process.kill(tracker.broker.pid, 'SIGKILL');
      await until(() => !ann.bus.isConnected, `the broker is gone, ${round}`);
      await until(() => ann.bus.isConnected, `it is back, ${round}`);
      await t.throwsAsync(terminalOf(t, tracker, phone.grant, phone.key), refused);
    }
    await tracker.stop();
    const next = await openTracker(t, { nats, home: tracker.home });
    await t.throwsAsync(terminalOf(t, next, phone.grant, phone.key), refused);
    await t.notThrowsAsync(terminalOf(t, next, ann.grant, ann.key));
  });

  test(`revocations: given nats-server ${version}, when a revoked key is enrolled again at once, then its new credentials hold, until they are revoked`, async (t) => {
    const tracker = await openTracker(t, { nats });
    let phone = await enter(t, tracker, 'Ann');
    for (const round of [1, 2]) {
      const gone = statusesOf(phone);
      await phone.command('account', { operation: 'LOGOUT' });
      const guest = await guestOf(t, tracker, phone.key);
      const answer = await guest.authenticate('login', 'Ann');
      await until(() => gone.includes('unauthorized'), `the old connection is out, ${round}`);
      const before = phone.grant;
      phone = await terminalOf(t, tracker, grantSchema.parse(answer.data), phone.key);
      t.is((await phone.command('people', { operation: 'LIST' })).status, 300, `in again, ${round}`);
      await t.throwsAsync(terminalOf(t, tracker, before, phone.key), refused);
    }
  });
}
