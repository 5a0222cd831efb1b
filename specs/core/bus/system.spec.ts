import test from 'ava';
import type { Bus } from '../../../core/bus/bus.js';
import type { Connection } from '../../../core/bus/connections.js';
import { guestAccountOf } from '../../../core/bus/credentials/credentials.js';
import { mintJwt } from '../../../core/bus/credentials/jwt.js';
import { createNKey, rawPublicKey } from '../../../core/bus/credentials/nkey.js';
import { guestInbox } from '../../../core/bus/subjects.js';
import { type ConnectionWatch, type WatchOptions, watchConnections } from '../../../core/bus/system.js';
import { silentLog } from '../../../core/log.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import { type TestBroker, testBroker } from '../../support/bus/broker.js';
import { newAccountId, newDeviceId } from '../../support/identities.js';
import { until } from '../../support/until.js';

interface Seen {
  readonly online: Map<string, Connection>;
  readonly log: string[];
}

async function watch(
  { keyring }: TestBroker,
  system: Bus,
  options: Partial<WatchOptions> = {},
): Promise<Seen & { readonly watch: ConnectionWatch }> {
  const online = new Map<string, Connection>();
  const log: string[] = [];
  const watching = await watchConnections(system, {
    account: keyring.account.publicKey,
    onConnect: (connection) => {
      online.set(connection.id, connection);
      log.push(`+${connection.device}`);
    },
    onDisconnect: ({ id, device }) => {
      online.delete(id);
      log.push(`-${device}`);
    },
    log: silentLog,
    schedule: keepAliveSchedule,
    ...options,
  });
  return { online, log, watch: watching };
}

test('connections: given connected devices, when the watch starts, then these and later ones are reported, and no others', async (t) => {
  const test = await testBroker(t);
  const early = await test.device();
  await test.tracker();
  await test.guest();
  const { online, log } = await watch(test, await test.system());
  t.deepEqual(log, [`+${early.device}`]);
  const [connection] = online.values();
  t.like(connection, { account: early.account, device: early.device, clientIp: '127.0.0.1' });
  t.true(Math.abs((connection?.since ?? 0) - Date.now()) < 60_000);
  const late = await test.device();
  await until(() => online.size === 2, 'the second is seen');
  await early.bus.close();
  await until(() => online.size === 1, 'the first has gone');
  t.deepEqual(log, [`+${early.device}`, `+${late.device}`, `-${early.device}`]);
});

test('connections: given connected guests, when the watch starts, then these and later ones are reported, regardless of the names they give', async (t) => {
  const test = await testBroker(t);
  const early = await test.guest();
  await test.device();
  const guests = guestAccountOf(rawPublicKey(test.keyring.guestSigning.publicKey));
  const { online, log } = await watch(test, await test.system(), { clients: 'guests', account: guests });
  t.deepEqual(log, [`+${early.device}`]);
  t.like([...online.values()][0], { account: null, device: early.device, clientIp: '127.0.0.1' });
  const key = createNKey('user');
  const device = newDeviceId(key);
  const claim = { subject: device, name: newAccountId(), issuedAt: Date.now() };
  const nats = { type: 'user', version: 2, issuer_account: guests };
  const jwt = mintJwt({ ...claim, nats }, test.keyring.guestSigning);
  const late = await test.connect({ credentials: { key, jwt: () => jwt }, inboxPrefix: guestInbox(device) });
  await until(() => online.size === 2, 'the second is seen');
  t.deepEqual(
    [...online.values()].map(({ account }) => account),
    [null, null],
  );
  await late.close();
  await until(() => online.size === 1, 'the second has gone');
  t.deepEqual(log, [`+${early.device}`, `+${device}`, `-${device}`]);
});

test('connections: given more connections than one page holds, then each is reported once', async (t) => {
  const test = await testBroker(t);
  const devices = await Promise.all(Array.from({ length: 20 }, () => test.device()));
  const { log } = await watch(test, await test.system(), { pageSize: 8 });
  t.deepEqual([...log].sort(), devices.map(({ device }) => `+${device}`).sort());
});

test('connections: given connections that come and go during the listing, then the result is exactly those that remain', async (t) => {
  const test = await testBroker(t);
  const system = await test.system();
  const watching = watch(test, system, { pageSize: 2 });
  const devices = await Promise.all(Array.from({ length: 12 }, () => test.device()));
  await Promise.all(devices.slice(0, 6).map(({ bus }) => bus.close()));
  const { online, log } = await watching;
  const expected = devices.slice(6).map(({ device }) => device);
  await until(() => online.size === 6, 'the six who stay');
  t.deepEqual([...online.values()].map(({ device }) => device).sort(), expected.sort());
  for (const { device } of devices) t.true(log.filter((line) => line === `+${device}`).length <= 1);
});

test('connections: given a broker that is killed, when it is back, then reconnected clients are reported again and the others are removed', async (t) => {
  const test = await testBroker(t);
  const [stays, leaves] = [await test.device(), await test.device()];
  const { online, log } = await watch(test, await test.system());
  const before = [...online.keys()];
  process.kill(test.broker.pid, 'SIGKILL');
  await leaves.bus.close();
  await until(
    () => online.size === 1 && !before.some((id) => online.has(id)),
    'only the remaining client, by a new connection',
  );
  t.is([...online.values()][0]?.device, stays.device);
  t.true(log.includes(`-${leaves.device}`) && log.includes(`-${stays.device}`));
});
