import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import type { Bus } from '../../../core/bus/bus.js';
import { BusError } from '../../../core/bus/connection/failure.js';
import { createNKey } from '../../../core/bus/credentials/nkey.js';
import {
  authSubject,
  commandSubject,
  deviceInbox,
  guestInbox,
  noticeSubject,
  relaysTo,
  relaySubject,
} from '../../../core/bus/subjects.js';
import { deviceCredentials, guestCredentials, testBroker } from '../../support/bus/broker.js';
import { newAccountId } from '../../support/identities.js';
import { until } from '../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const patience = { timeoutMs: 5_000 };

/** The operations in `attempts` that the broker refused, in their order. */
async function deniedOf(bus: Bus, attempts: () => void): Promise<readonly string[]> {
  const denied: string[] = [];
  const end = bus.onStatus((status) => {
    if (status.type === 'denied') denied.push(`${status.operation} ${status.subject}`);
  });
  attempts();
  await bus.flush();
  // The refusals have arrived. The library reports them in the next turn of the event loop.
  await setImmediate();
  end();
  return denied;
}

test('permissions: a guest may publish only as itself and receive only its own replies', async (t) => {
  const { guest, door } = await testBroker(t);
  const server = await door();
  server.subscribe('tracker.auth.*.*', ({ reply = '' }) => server.publish(reply, bytes('secret')));
  await server.flush();
  const [victim, spy] = [await guest(), await guest()];
  const heard: string[] = [];
  const listen = (subject: string): void => void spy.bus.subscribe(subject, () => void heard.push(subject));
  const ears = [
    `${guestInbox(victim.device)}.>`,
    '_GUEST.>',
    '_GUEST.*.>',
    '>',
    'tracker.auth.>',
    '_R_.>',
    '_INBOX.>',
  ];
  t.deepEqual(
    await deniedOf(spy.bus, () => ears.forEach(listen)),
    ears.map((subject) => `subscribe ${subject}`),
  );
  const mouths = [
    authSubject(victim.device, 'login'),
    commandSubject(newAccountId(), spy.device, 'sync'),
    noticeSubject(newAccountId()),
    `${guestInbox(victim.device)}.x`,
    '$SYS.REQ.SERVER.PING',
    '$JS.API.INFO',
  ];
  t.deepEqual(
    await deniedOf(spy.bus, () => mouths.forEach((subject) => spy.bus.publish(subject, bytes('')))),
    mouths.map((subject) => `publish ${subject}`),
  );
  const answer = await victim.bus.request(authSubject(victim.device, 'login'), bytes(''), patience);
  t.is(Buffer.from(answer).toString(), 'secret');
  t.deepEqual(heard, []);
});

test('permissions: a device may publish only as itself and subscribe only to its own subjects', async (t) => {
  const { device } = await testBroker(t);
  const [me, other] = [await device(), await device()];
  const mouths = [
    commandSubject(other.account, other.device, 'chatroom'),
    commandSubject(me.account, other.device, 'chatroom'),
    commandSubject(other.account, me.device, 'chatroom'),
    relaySubject(other.device, other.device, 'x'),
    noticeSubject(other.account),
    `${deviceInbox(other.device)}.x`,
    authSubject(other.device, 'renew'),
  ];
  t.deepEqual(
    await deniedOf(me.bus, () => mouths.forEach((subject) => me.bus.publish(subject, bytes('')))),
    mouths.map((subject) => `publish ${subject}`),
  );
  const ears = [
    '>',
    '_INBOX_>',
    `${deviceInbox(other.device)}.>`,
    noticeSubject(other.account),
    'user.*.>',
    relaysTo(other.device),
    'relay.>',
    'tracker.cmd.>',
    'events.>',
  ];
  t.deepEqual(
    await deniedOf(me.bus, () => ears.forEach((subject) => void me.bus.subscribe(subject, () => {}))),
    ears.map((subject) => `subscribe ${subject}`),
  );
  const relayed: string[] = [];
  other.bus.subscribe(relaysTo(other.device), ({ subject }) => void relayed.push(subject));
  await other.bus.flush();
  me.bus.publish(relaySubject(other.device, me.device, 'link'), bytes('frame'));
  await until(() => relayed.length > 0, 'the frame arrives');
  t.deepEqual(relayed, [relaySubject(other.device, me.device, 'link')]);
});

test('permissions: a JWT cannot be used without its key, and a guest’s key mints only guests', async (t) => {
  const { connect, keyring } = await testBroker(t);
  const [owner, thief] = [createNKey('user'), createNKey('user')];
  const stolen = deviceCredentials(keyring, { key: owner });
  const refused = { instanceOf: BusError, message: /does not accept the JWT/ };
  await t.throwsAsync(connect({ credentials: { ...stolen, key: thief }, inboxPrefix: 'x' }), refused);
  const forged = deviceCredentials({ ...keyring, accountSigning: keyring.guestSigning }, { key: thief });
  await t.throwsAsync(connect({ credentials: forged, inboxPrefix: 'x' }), refused);
  const asApplication = guestCredentials(keyring, thief, keyring.account.publicKey);
  await t.throwsAsync(connect({ credentials: asApplication, inboxPrefix: 'x' }), refused);
});
