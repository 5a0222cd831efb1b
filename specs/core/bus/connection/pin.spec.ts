import { createServer, connect as connectTcp, type Socket } from 'node:net';
import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { madeCertificate, ownCertificate } from '../../../../core/bus/broker/certificate.js';
import { spell } from '../../../../core/bus/broker/version.js';
import { BusError } from '../../../../core/bus/connection/failure.js';
import { commandSubject } from '../../../../core/bus/subjects.js';
import { OperatorError } from '../../../../core/errors.js';
import { systemClock } from '../../../../core/time/clock.js';
import { everyNats, testBroker } from '../../../support/bus/broker.js';
import {
  issuedFor,
  newKeys,
  pemOf,
  selfSigned,
  writeCertificate,
} from '../../../support/bus/certificates.js';
import { temporaryFolder } from '../../../support/folder.js';
import { until } from '../../../support/until.js';

// This is awaited before the first title, because AVA requires all titles to be declared together.
const every = await everyNats();
const untrusted = (message: RegExp) => ({ instanceOf: BusError, message });
const anotherPin = 'A'.repeat(43);

/**
 * A man in the middle. Each handler in `hands` gets one of its connections, and the last handler gets all later ones.
 */
async function between(
  t: ExecutionContext,
  ...hands: readonly ((victim: Socket) => void)[]
): Promise<string> {
  let count = 0;
  const server = createServer((victim) => {
    victim.on('error', () => {});
    hands[Math.min(count++, hands.length - 1)]?.(victim);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  return `nats://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const passTo =
  (port: number) =>
  (victim: Socket): void => {
    const broker = connectTcp({ port, host: '127.0.0.1' });
    broker.on('error', () => victim.destroy());
    victim.on('close', () => broker.destroy());
    victim.pipe(broker).pipe(victim);
  };

/**
 * A pretended broker, with its own TLS if it has a certificate. It reports all data that it receives after the
 * handshake.
 */
const pretend =
  (heard: string[], certificate?: { readonly cert: string; readonly key: string }) =>
  (victim: Socket): void => {
    const info = { server_id: 'x', version: '2.10.0', proto: 1, headers: true, max_payload: 1_048_576 };
    const greeting = {
      ...info,
      nonce: 'abcdefghijklmno',
      auth_required: true,
      tls_required: certificate !== undefined,
    };
    victim.write(`INFO ${JSON.stringify(greeting)}\r\n`);
    const ear = certificate ? new TLSSocket(victim, { isServer: true, ...certificate }) : victim;
    ear.on('error', () => {});
    ear.on('data', (bytes: Buffer) => void heard.push(bytes.toString()));
  };

const impostorCertificate = async () => {
  const keys = await newKeys();
  return { cert: await selfSigned(keys), key: await pemOf(keys) };
};

for (const nats of every) {
  const version = spell(nats.version);

  test(`pin: given nats-server ${version} with a generated certificate, then a client with its pin is served, and reconnects after a kill`, async (t) => {
    const tls = await madeCertificate(await temporaryFolder(t), systemClock);
    t.is((await stat(tls.key)).mode & 0o077, 0);
    const { tracker, device, broker } = await testBroker(t, { nats, tls });
    t.is(broker.pin, tls.pin);
    const server = await tracker();
    server.subscribe('tracker.cmd.>', ({ reply = '', data }) => server.publish(reply, data));
    await server.flush();
    const { bus, account, device: id } = await device();
    const ask = () =>
      bus.request(commandSubject(account, id, 'sync'), Buffer.from('hi'), { timeoutMs: 5_000 });
    t.is(Buffer.from(await ask()).toString(), 'hi');
    process.kill(broker.pid, 'SIGKILL');
    await until(() => !bus.isConnected, 'the connection is lost');
    await until(() => bus.isConnected && server.isConnected, 'both are back');
    t.is(Buffer.from(await until(() => ask().catch(() => null), 'it answers')).toString(), 'hi');
  });

  test(`pin: given nats-server ${version} with TLS, then a client with a wrong pin or without a pin is refused`, async (t) => {
    const tls = await madeCertificate(await temporaryFolder(t), systemClock);
    const { device } = await testBroker(t, { nats, tls });
    const wrong = await t.throwsAsync(
      device({ pin: anotherPin }),
      untrusted(/another key than the invite says/),
    );
    t.is(wrong?.kind, 'untrusted');
    const plain = await t.throwsAsync(
      device({ pin: undefined }),
      untrusted(/wants TLS, and its certificate is not known/),
    );
    t.is(plain?.kind, 'untrusted');
  });

  test(`pin: given nats-server ${version} with an operator's certificate, when it is renewed with the same key, then running clients reconnect`, async (t) => {
    const keys = await newKeys();
    const files = await writeCertificate(await temporaryFolder(t), await issuedFor(keys), keys);
    const tls = await ownCertificate(files);
    const { device, broker } = await testBroker(t, { nats, tls });
    const { bus } = await device();
    await writeFile(files.certificate, await issuedFor(keys));
    t.is((await ownCertificate(files)).pin, tls.pin);
    process.kill(broker.pid, 'SIGKILL');
    await until(() => !bus.isConnected, 'the connection is lost');
    await until(() => bus.isConnected, 'it is back');
    await t.notThrowsAsync(device(), 'a new client is served too');
  });
}

test('pin: given a broker without TLS, then a client with a pin refuses it', async (t) => {
  const { device } = await testBroker(t);
  await t.throwsAsync(device({ pin: anotherPin }), untrusted(/does not offer the TLS/));
});

test('pin: given a man in the middle with another certificate, then it is refused and receives no data, even if the first probe was honest', async (t) => {
  const tls = await madeCertificate(await temporaryFolder(t), systemClock);
  const { device, broker } = await testBroker(t, { tls });
  const heard: string[] = [];
  const impostor = pretend(heard, await impostorCertificate());
  const honest = passTo(broker.port);
  await t.throwsAsync(device({ servers: await between(t, impostor) }), untrusted(/another key/));
  await t.throwsAsync(
    device({ servers: await between(t, honest, impostor) }),
    untrusted(/is not known here/),
  );
  await t.throwsAsync(
    device({ servers: await between(t, honest, pretend(heard)) }),
    untrusted(/does not offer the TLS/),
  );
  t.deepEqual(heard, []);
  await t.notThrowsAsync(device({ servers: await between(t, honest) }));
});

test('pin: given a man in the middle at a reconnection, then it receives no data, and the client keeps trying', async (t) => {
  const tls = await madeCertificate(await temporaryFolder(t), systemClock);
  const { device, broker } = await testBroker(t, { tls });
  const heard: string[] = [];
  const seen: Socket[] = [];
  const honest = (victim: Socket): void => {
    seen.push(victim);
    passTo(broker.port)(victim);
  };
  const impostor = pretend(heard, await impostorCertificate());
  let tries = 0;
  const counted = (victim: Socket): void => {
    tries += 1;
    impostor(victim);
  };
  const { bus } = await device({ servers: await between(t, honest, honest, counted) });
  for (const socket of seen) socket.destroy();
  await until(() => tries >= 4, 'it has tried several times');
  t.false(bus.isConnected);
  t.deepEqual(heard, []);
});

test('certificate: it is generated once, and a damaged one is reported', async (t) => {
  const home = await temporaryFolder(t);
  const first = await madeCertificate(home, systemClock);
  t.deepEqual(await madeCertificate(home, systemClock), first);
  await writeFile(join(home, 'tls.pem'), 'nothing of the kind');
  await t.throwsAsync(madeCertificate(home, systemClock), {
    instanceOf: OperatorError,
    message: /tls\.pem is damaged/,
  });
});

test("certificate: given an operator's own certificate that cannot be used, then the error says what to do", async (t) => {
  const folder = await temporaryFolder(t);
  const [keys, others] = [await newKeys(), await newKeys()];
  const files = await writeCertificate(folder, await selfSigned(keys), others);
  const error = await t.throwsAsync(ownCertificate(files), { instanceOf: OperatorError });
  t.regex(error?.message ?? '', /the key does not match the certificate/);
  t.regex(error?.remedy ?? '', /--tls-cert/);
  await t.throwsAsync(ownCertificate({ ...files, key: join(folder, 'none.pem') }), {
    message: /none\.pem: the file or its folder does not exist/,
  });
});
