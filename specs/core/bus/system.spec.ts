import test from 'ava';
import type { Bus } from '../../../core/bus/bus.js';
import type { Connection } from '../../../core/bus/connections.js';
import { type ConnectionWatch, watchConnections } from '../../../core/bus/system.js';
import { silentLog } from '../../../core/log.js';
import { type TestBroker, testBroker } from '../../support/broker.js';
import { until } from '../../support/until.js';

interface Seen {
  readonly online: Map<string, Connection>;
  readonly log: string[];
}

async function watch(
  { keyring }: TestBroker,
  system: Bus,
  pageSize?: number,
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
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  return { online, log, watch: watching };
}

test('connections: given devices there before, when they are watched, then these and later ones are told, and no one else', async (t) => {
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

test('connections: given more than a page of them, then all are told once', async (t) => {
  const test = await testBroker(t);
  const devices = await Promise.all(Array.from({ length: 20 }, () => test.device()));
  const { log } = await watch(test, await test.system(), 8);
  t.deepEqual([...log].sort(), devices.map(({ device }) => `+${device}`).sort());
});

test('connections: given some that come and go while others are listed, then in the end exactly who is there is told', async (t) => {
  const test = await testBroker(t);
  const system = await test.system();
  const watching = watch(test, system, 2);
  const devices = await Promise.all(Array.from({ length: 12 }, () => test.device()));
  await Promise.all(devices.slice(0, 6).map(({ bus }) => bus.close()));
  const { online, log } = await watching;
  const expected = devices.slice(6).map(({ device }) => device);
  await until(() => online.size === 6, 'the six who stay');
  t.deepEqual([...online.values()].map(({ device }) => device).sort(), expected.sort());
  for (const { device } of devices) t.true(log.filter((line) => line === `+${device}`).length <= 1);
});

test('connections: given a broker that is killed, when it is back, then who came back is told anew and who did not is gone', async (t) => {
  const test = await testBroker(t);
  const [stays, leaves] = [await test.device(), await test.device()];
  const { online, log } = await watch(test, await test.system());
  const before = [...online.keys()];
  process.kill(test.broker.pid, 'SIGKILL');
  await leaves.bus.close();
  await until(
    () => online.size === 1 && !before.some((id) => online.has(id)),
    'only who stays, by a new connection',
  );
  t.is([...online.values()][0]?.device, stays.device);
  t.true(log.includes(`-${leaves.device}`) && log.includes(`-${stays.device}`));
});
