import { once } from 'node:events';
import net from 'node:net';
import test from 'ava';
import { createTcpCarrier } from '../../../../client/links/tcp/tcp.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { carrierContract } from '../carrier-contract.js';
import { deviceIdOf } from '../device.js';

const onLoopback = () => createTcpCarrier({ host: '127.0.0.1', schedule: systemSchedule, log: silentLog });
const device = deviceIdOf(generateSigningKey().publicKey);

carrierContract('tcp', () => Promise.resolve({ near: onLoopback(), far: onLoopback(), device }));

test('tcp: given a host, then it is the only candidate, with the port that is bound', async (t) => {
  const carrier = onLoopback();
  t.teardown(() => carrier.close());
  await carrier.listen((raw) => raw.destroy());
  const [candidate, ...others] = carrier.addresses();
  t.is(candidate?.ip, '127.0.0.1');
  t.true((candidate?.port ?? 0) > 0);
  t.deepEqual(others, []);
});

test('tcp: given a taken port, when listening, then it rejects', async (t) => {
  const first = onLoopback();
  t.teardown(() => first.close());
  await first.listen((raw) => raw.destroy());
  const [candidate] = first.addresses();
  const second = createTcpCarrier({
    host: '127.0.0.1',
    port: candidate?.port ?? 0,
    schedule: systemSchedule,
    log: silentLog,
  });
  await t.throwsAsync(
    second.listen((raw) => raw.destroy()),
    { code: 'EADDRINUSE' },
  );
});

test('tcp: given a port that is free only when listen is called again, then each connection is accepted once', async (t) => {
  const first = onLoopback();
  await first.listen((raw) => raw.destroy());
  const port = first.addresses()[0]?.port ?? 0;
  const second = createTcpCarrier({ host: '127.0.0.1', port, schedule: systemSchedule, log: silentLog });
  t.teardown(() => second.close());
  let taken = 0;
  const listen = () =>
    second.listen((raw) => {
      taken += 1;
      raw.destroy();
    });
  await t.throwsAsync(listen(), { code: 'EADDRINUSE' });
  await first.close();
  await listen();
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'close');
  t.is(taken, 1);
});

test('tcp: given names and too many addresses as candidates, then only a few literal addresses are tried', (t) => {
  const candidates = [
    { ip: 'tracker.example', port: 80 },
    ...Array.from({ length: 100 }, (_, port) => ({ ip: '::1', port: port + 1 })),
  ];
  const routes = onLoopback().routes({ device, candidates });
  t.is(routes.length, 16);
  t.is(routes[0]?.to, '[::1]:1');
});

test('tcp: given an address where nothing listens, when connecting, then it rejects with the system error', async (t) => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const [route] = onLoopback().routes({ device, candidates: [{ ip: '127.0.0.1', port }] });
  await t.throwsAsync(route?.connect(new AbortController().signal) ?? Promise.resolve(), {
    code: 'ECONNREFUSED',
  });
});
