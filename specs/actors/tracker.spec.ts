import { readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join as joinPath } from 'node:path';
import test from 'ava';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { OperatorError } from '../../core/errors.js';
import { createLog } from '../../core/log.js';
import type { Response } from '../../core/protocol/envelope.js';
import { formatInvite } from '../../core/protocol/invite.js';
import {
  announcedSchema,
  grantSchema,
  peopleListSchema,
  syncedSchema,
} from '../../core/protocol/operations.js';
import { testNats } from '../support/bus/broker.js';
import { temporaryFolder } from '../support/folder.js';
import { until } from '../support/until.js';
import { enter, guestOf, inviteOf, openTracker, password, type Terminal, terminalOf } from './deployment.js';
import { newCommandId } from './tracker-fixture.js';
import { introductionsIn, readIntroduction, readNotice, rosterIn } from './statements.js';

const create = { operation: 'CREATE', name: 'lobby' };
const join = { operation: 'JOIN', name: 'lobby' };
const quit = { operation: 'QUIT', name: 'lobby' };

const isOnline = async (asking: Terminal, username: string): Promise<boolean> => {
  const { data } = await asking.command('people', { operation: 'LIST' });
  return peopleListSchema.parse(data).people.some((person) => person.username === username);
};

test('tracker: two people register, meet in a room, see each other and are introduced', async (t) => {
  const tracker = await openTracker(t);
  const publicKey = { publicKey: inviteOf(tracker).sign };
  const ann = await enter(t, tracker, 'Ann');
  const ben = await enter(t, tracker, 'Ben');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S');
  const joined = await ben.command('chatroom', join);
  t.is(joined.status, 200);
  t.deepEqual(
    rosterIn(publicKey, joined.data).members.map(({ username }) => username),
    ['Ann', 'Ben'],
  );
  await until(() => isOnline(ann, 'Ben'), 'Ben is online');

  const addresses = [{ ip: '127.0.0.1', port: 4_100 }];
  const announced = await ben.command('people', { operation: 'ANNOUNCE', addresses });
  t.is(announced.status, 300);
  const { reflector } = announcedSchema.parse(announced.data);
  t.deepEqual(reflector?.ports.length, 2);
  const met = await ann.command('private', { username: 'ben' });
  t.is(met.phrase, 'PRIVATE_SESSION_INITIATED');
  const [introduction] = introductionsIn(publicKey, met.data);
  t.like(introduction, {
    to: ann.grant.device,
    peer: { username: 'Ben', device: ben.grant.device, addresses },
  });
  await until(() => ben.introductions.length === 1, 'Ben is introduced too');
  const other = readIntroduction(publicKey, ben.introductions[0]);
  t.like(other, { to: ben.grant.device, peer: { username: 'Ann', device: ann.grant.device } });

  t.is((await ann.command('chatroom', quit)).phrase, 'QUIT_S');
  const setState = () => ben.notices.map((signed) => readNotice(publicKey, signed));
  await until(() => setState().some(({ type }) => type === 'AdminSucceeded'), 'Ben hears that he leads');
  const inRoom = setState().filter(({ room }) => room !== null);
  t.deepEqual(
    inRoom.map(({ version, type }) => `${version} ${type}`),
    ['2 MemberJoined', '3 MemberLeft', '4 AdminSucceeded'],
    'each once',
  );
});

test('tracker: given a device that disconnects, then its account soon is offline and cannot be reached', async (t) => {
  const tracker = await openTracker(t);
  const ann = await enter(t, tracker, 'Ann');
  const ben = await enter(t, tracker, 'Ben');
  await until(() => isOnline(ann, 'Ben'), 'Ben is online');
  await ben.bus.close();
  await until(async () => !(await isOnline(ann, 'Ben')), 'Ben is offline');
  t.is((await ann.command('private', { username: 'Ben' })).phrase, 'USERNAME_OFFLINE');
});

test('tracker: given a device that has logged out, then its renewal is refused, and the account’s other devices stay logged in', async (t) => {
  const tracker = await openTracker(t);
  const ann = await enter(t, tracker, 'Ann');
  const phone = await enter(t, tracker, 'ann', 'login');
  t.is(phone.grant.account, ann.grant.account);
  t.is((await phone.command('account', { operation: 'LOGOUT' })).phrase, 'LOGOUT_SUCCESSFUL');
  const guest = await guestOf(t, tracker, phone.key);
  t.is((await guest.authenticate('renew', '')).phrase, 'NOT_ENROLLED');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S', 'the other device stays');
});

const said = ({ status, phrase, message }: Response) => ({ status, phrase, message });

test('tracker: given wrong credentials, then the login fails with the same message as for an unknown name', async (t) => {
  const tracker = await openTracker(t);
  await enter(t, tracker, 'Ann');
  const guest = await guestOf(t, tracker);
  const wrong = said(await guest.authenticate('login', 'Ann', `${password}!`));
  t.like(wrong, { status: 101, phrase: 'LOGIN_FAILED' });
  t.deepEqual(said(await guest.authenticate('login', 'Zoe')), wrong);
});

test('tracker: its log contains no passwords, seeds or credentials', async (t) => {
  const file = joinPath(await temporaryFolder(t), 'tracker.log');
  const tracker = await openTracker(t, { log: createLog({ level: 'trace', file }) });
  const ann = await enter(t, tracker, 'Ann');
  const guest = await guestOf(t, tracker);
  await guest.authenticate('login', 'Ann', `wrong-${password}`);
  await guest.authenticate('login', 'Ann');
  await ann.command('account', { operation: 'RENEW' });
  await tracker.stop();
  const log = await readFile(file, 'utf8');
  t.regex(log, /the broker runs/);
  const keys = await openKeyring(tracker.home);
  const seeds = [keys.operator.seed, keys.accountSigning.seed, keys.signing.seed.toString('base64url')];
  for (const secret of [password, ann.grant.jwt, ...seeds]) t.false(log.includes(secret));
});

test('tracker: given a restart in the same home, then its data is kept, and terminals reconnect to the same address', async (t) => {
  const first = await openTracker(t);
  const ann = await enter(t, first, 'Ann');
  const ben = await enter(t, first, 'Ben');
  const id = newCommandId();
  await ann.command('chatroom', create);
  const joined = await ben.command('chatroom', join, id);
  await first.stop();

  const second = await openTracker(t, { home: first.home });
  t.is(second.invite, first.invite);
  t.is((await readFile(joinPath(second.home, 'invite'), 'utf8')).trim(), second.invite);
  await until(() => ben.bus.isConnected, 'the terminal is back by itself');
  const { status, phrase, data: outcome } = joined;
  t.like(
    await ben.command('chatroom', join, id),
    { status, phrase, data: outcome },
    'a retry gets the first outcome',
  );
  const { data } = await ben.command('sync', { versions: {} });
  t.is(syncedSchema.parse(data).rosters.length, 1);
  t.is((await ben.command('chatroom', join)).phrase, 'JOIN_FAILURE');
  const login = await (await guestOf(t, second)).authenticate('login', 'ANN');
  t.is(login.phrase, 'LOGIN_SUCCESSFUL');
  const renewed = await (await guestOf(t, second, ann.key)).authenticate('renew', '');
  const again = await terminalOf(t, second, grantSchema.parse(renewed.data), ann.key);
  t.is((await again.command('chatroom', quit)).phrase, 'QUIT_S');
});

test('tracker: given a certificate of its own, then its invite pins it, also after a restart, and only invited guests can connect', async (t) => {
  const first = await openTracker(t, { tls: 'made' });
  t.is(inviteOf(first).tls, first.broker.pin);
  const ann = await enter(t, first, 'Ann');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S');
  await first.stop();
  const second = await openTracker(t, { home: first.home, tls: 'made' });
  t.is(second.invite, first.invite);
  await until(() => ann.bus.isConnected, 'the terminal is back by itself');
  t.is((await ann.command('chatroom', quit)).phrase, 'QUIT_S');
  const { tls: _, ...stripped } = inviteOf(second);
  const stale = { ...second, invite: formatInvite(stripped) };
  await t.throwsAsync(guestOf(t, stale), { message: /wants TLS/ });
});

test('tracker: given a home in use, when another tracker starts there, then it fails, and the first keeps running', async (t) => {
  const tracker = await openTracker(t);
  const error = await t.throwsAsync(openTracker(t, { home: tracker.home }), { instanceOf: OperatorError });
  t.regex(error?.message ?? '', /in use by another tracker/);
  const ann = await enter(t, tracker, 'Ann');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S');
});

test('tracker: given a port that is taken, then the start fails, and the home stays free', async (t) => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  t.teardown(() => blocker.close());
  const address = blocker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const first = await openTracker(t);
  await first.stop();
  const { home } = first;
  await t.throwsAsync(openTracker(t, { home, port }), { instanceOf: OperatorError, message: /is in use/ });
  const tracker = await openTracker(t, { home });
  const ann = await enter(t, tracker, 'Ann');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S');
});

test('tracker: given a broker that is killed, then it restarts, answers, and knows who is online', async (t) => {
  const tracker = await openTracker(t);
  const publicKey = { publicKey: inviteOf(tracker).sign };
  const ann = await enter(t, tracker, 'Ann');
  const ben = await enter(t, tracker, 'Ben');
  await ann.command('chatroom', create);
  await until(() => isOnline(ann, 'Ben'), 'Ben is online');
  const { pid } = tracker.broker;
  process.kill(pid, 'SIGKILL');
  await until(() => !ann.bus.isConnected, 'the connection is lost');
  await until(() => ann.bus.isConnected && ben.bus.isConnected, 'both are connected again');
  t.not(tracker.broker.pid, pid);
  const id = newCommandId();
  const joined = await until(() => ben.command('chatroom', join, id).catch(() => null), 'it answers');
  t.is(joined.phrase, 'JOIN_S');
  const hears = () => ann.notices.some((signed) => readNotice(publicKey, signed).type === 'MemberJoined');
  await until(hears, 'and tells what has happened');
  await until(async () => (await isOnline(ann, 'Ben')) && isOnline(ann, 'Ann'), 'both are online');
});

test('tracker: given a broker that was just killed, when the tracker is stopped, then it stops', async (t) => {
  const tracker = await openTracker(t);
  const ann = await enter(t, tracker, 'Ann');
  await ann.command('chatroom', create);
  process.kill(tracker.broker.pid, 'SIGKILL');
  await until(() => !ann.bus.isConnected, 'the connection is lost');
  await t.notThrowsAsync(tracker.stop());
  await t.notThrowsAsync(openTracker(t, { home: tracker.home }), 'and the home is free');
});

test('tracker: given a broker that cannot restart, when the tracker is stopped, then it stops', async (t) => {
  const found = await testNats();
  const binary = joinPath(await temporaryFolder(t), 'nats-server');
  await symlink(found.binary, binary);
  const tracker = await openTracker(t, { nats: { ...found, binary } });
  const ann = await enter(t, tracker, 'Ann');
  await rm(binary);
  process.kill(tracker.broker.pid, 'SIGKILL');
  await until(() => !ann.bus.isConnected && tracker.broker.pid === 0, 'the broker is gone');
  await t.notThrowsAsync(tracker.stop());
  await t.notThrowsAsync(openTracker(t, { home: tracker.home }), 'and the home is free');
});

test('tracker: given running requests, when the tracker is stopped, then they are answered first', async (t) => {
  const tracker = await openTracker(t);
  const guests = await Promise.all(Array.from({ length: 6 }, () => guestOf(t, tracker)));
  const answers = Promise.all(guests.map((guest, n) => guest.authenticate('register', `guest-${n}`)));
  const ann = await enter(t, tracker, 'Ann');
  t.is((await ann.command('chatroom', create)).phrase, 'CREATION_S');
  const [{ length }] = await Promise.all([answers, tracker.stop(), tracker.stop()]);
  t.is(length, 6);
  for (const { phrase } of await answers) t.is(phrase, 'REGISTRATION_SUCCESSFUL');
});
