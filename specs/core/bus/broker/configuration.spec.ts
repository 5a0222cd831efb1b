import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { brokerFolder, deploymentConfiguration } from '../../../../core/bus/broker/configuration.js';
import { spell } from '../../../../core/bus/broker/version.js';
import { pushAccount } from '../../../../core/bus/credentials/account.js';
import { applicationAccountJwt } from '../../../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../../../core/bus/credentials/keyring.js';
import {
  ALL_AUTH,
  authSubject,
  commandSubject,
  guestInbox,
  isServiceReply,
} from '../../../../core/bus/subjects.js';
import { everyNats, testBroker } from '../../../support/bus/broker.js';
import { temporaryFolder } from '../../../support/folder.js';
import { newDeviceId } from '../../../support/identities.js';
import { until } from '../../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 5_000 };
// The broker's version is awaited first, because AVA requires all titles to be declared together.
const every = await everyNats();

test('configuration: it has only the fields that its server’s version knows', async (t) => {
  const home = await temporaryFolder(t);
  const base = {
    folder: brokerFolder(home),
    keyring: await openKeyring(home),
    host: '127.0.0.1',
    port: 0,
    issuedAt: 0,
    accountJwt: 'account',
    tls: undefined,
  };
  const old = deploymentConfiguration({ ...base, version: { major: 2, minor: 9, patch: 25 } });
  const recent = deploymentConfiguration({ ...base, version: { major: 2, minor: 10, patch: 0 } });
  t.notRegex(old, /sync_interval|logfile_max_num/);
  t.regex(recent, /sync_interval/);
  t.regex(recent, /logfile_max_num/);
});

test('configuration: addresses and folders are quoted, regardless of their characters', async (t) => {
  const home = await temporaryFolder(t);
  const folder = brokerFolder('/a "quoted" home');
  const base = {
    folder,
    keyring: await openKeyring(home),
    port: 4222,
    issuedAt: 0,
    accountJwt: '',
    tls: undefined,
  };
  const text = deploymentConfiguration({ ...base, host: '::1', version: { major: 2, minor: 10, patch: 0 } });
  t.regex(text, /^listen: "\[::1\]:4222"$/m);
  t.true(text.includes(String.raw`store_dir: "/a \"quoted\" home/broker/jetstream"`));
});

test('configuration: the broker’s files contain no secret key, and other users cannot read them', async (t) => {
  const { home, keyring } = await testBroker(t);
  const folder = brokerFolder(home);
  t.is((await stat(folder.path)).mode & 0o077, 0);
  const seeds = Object.values(keyring).flatMap((key) => ('seed' in key ? [key.seed.toString()] : []));
  for (const file of [folder.configuration, folder.deployment, folder.log, folder.startLog]) {
    const text = await readFile(file, 'utf8');
    t.false(seeds.some((seed) => text.includes(seed)));
  }
  t.true((await readFile(join(folder.path, 'nats.conf'), 'utf8')).includes('include deployment.conf'));
});

for (const nats of every) {
  test(`configuration: nats-server ${spell(nats.version)} accepts it, and guests and devices work as designed`, async (t) => {
    const home = join(await temporaryFolder(t), 'a home of "mine"');
    const { tracker, door, guest, device, broker } = await testBroker(t, { nats, home });
    t.is(broker.version, spell(nats.version));
    const [server, doorman] = [await tracker(), await door()];
    const replies: string[] = [];
    for (const bus of [server, doorman]) {
      bus.subscribe('tracker.>', ({ reply = '', data }) => {
        replies.push(reply);
        bus.publish(reply, data);
      });
      await bus.flush();
    }

    const visitor = await guest();
    const login = authSubject(visitor.device, 'login');
    t.deepEqual(Buffer.from(await visitor.bus.request(login, bytes('hi'), patience)), Buffer.from('hi'));
    t.true(isServiceReply(replies[0] ?? ''));

    const spy = await guest();
    const denied: string[] = [];
    spy.bus.onStatus((status) => {
      if (status.type === 'denied') denied.push(status.subject);
    });
    spy.bus.subscribe(`${guestInbox(visitor.device)}.>`, () => {});
    spy.bus.publish(login, bytes(''));
    await spy.bus.flush();
    await until(() => denied.length === 2, 'both are denied');

    const { bus, account, device: id } = await device();
    t.deepEqual(
      Buffer.from(await bus.request(commandSubject(account, id, 'sync'), bytes('yo'), patience)),
      Buffer.from('yo'),
    );
    // JetStream is enabled for the relay of events.
    const info: unknown = JSON.parse(
      Buffer.from(await server.request('$JS.API.INFO', bytes(''), patience)).toString(),
    );
    t.like(info, { type: 'io.nats.jetstream.api.v1.account_info_response' });
    t.notRegex(JSON.stringify(info), /"error":/);
  });
}

for (const nats of every) {
  test(`configuration: given nats-server ${spell(nats.version)} and waiting guests, when another device is revoked, then they receive their answers`, async (t) => {
    const { door, system, keyring, guest } = await testBroker(t, { nats });
    const server = await door();
    const waiting: string[] = [];
    server.subscribe(ALL_AUTH, ({ reply = '' }) => void waiting.push(reply));
    await server.flush();
    const { bus, device } = await guest();
    const answer = bus.request(authSubject(device, 'login'), bytes('hi'), patience);
    await until(() => waiting.length === 1, 'the request is in hand');
    const revoked = new Map([[newDeviceId(), Date.now()]]);
    await pushAccount(await system(), applicationAccountJwt(keyring, Date.now(), revoked));
    for (const reply of waiting) server.publish(reply, bytes('welcome'));
    t.is(Buffer.from(await answer).toString(), 'welcome');
  });
}
