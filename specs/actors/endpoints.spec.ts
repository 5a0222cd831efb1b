import test from 'ava';
import * as fc from 'fast-check';
import { connectBus } from '../../core/bus/connection/connection.js';
import { AUTH_OPERATIONS, COMMAND_TOPICS, commandSubject } from '../../core/bus/subjects.js';
import { silentLog } from '../../core/log.js';
import { makeRequest, type Title } from '../../core/protocol/envelope.js';
import { isSuccess } from '../../core/protocol/status.js';
import { enter, guestOf, openTracker } from './deployment.js';
import { newCommandId } from './tracker-fixture.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const request = (title: Title, data: null = null) => makeRequest({ id: newCommandId(), title, data });
const good = request('People');

/** Invalid messages, by what is wrong with them. */
const hostile: ReadonlyMap<string, Uint8Array> = new Map([
  ['nothing', Buffer.alloc(0)],
  ['binary', Buffer.from([0, 255, 254, 128, 7, 0])],
  ['text', Buffer.from('hello')],
  ['half of JSON', Buffer.from('{"v":1,"id":')],
  ['null', bytes(null)],
  ['a number', bytes(7)],
  ['a list', bytes([good])],
  ['an empty object', bytes({})],
  ['no title', bytes({ ...good, title: undefined })],
  ['an unknown title', bytes({ ...good, title: 'Shutdown' })],
  ['a title of a wrong type', bytes({ ...good, title: { $ne: null } })],
  ['another version', bytes({ ...good, v: 2 })],
  ['a version of a wrong type', bytes({ ...good, v: '1' })],
  ['no id', bytes({ ...good, id: null })],
  ['an id that is none', bytes({ ...good, id: '../../etc/passwd' })],
  ['a wrong connection', bytes({ ...good, connection: 'SMOKE' })],
  ['a wrong address', bytes({ ...good, from: { ip: 'here', port: -1 } })],
  ['the prototype', Buffer.from('{"__proto__":{"v":1},"constructor":1,"v":1}')],
  ['lone surrogates', Buffer.from(`{"v":1,"id":"\\ud800","title":"People"}`)],
  ['very deep JSON', Buffer.from(`{"v":1,"data":${'['.repeat(3_000)}${']'.repeat(3_000)}}`)],
  ['a title for another subject', bytes(request('Renewal', null))],
  ['no data', bytes(request('People'))],
]);

test('endpoints: given any invalid message from a guest, then the answer has an odd status', async (t) => {
  const guest = await guestOf(t, await openTracker(t));
  const huge = bytes({ ...good, data: 'x'.repeat(7_000) });
  for (const operation of [...AUTH_OPERATIONS, 'shutdown']) {
    for (const [what, data] of [...hostile, ['huge', huge] as const]) {
      if (operation === 'renew' && what === 'a title for another subject') continue;
      const response = await guest.send(operation, data);
      t.false(isSuccess(response.status), `${what} at ${operation}: ${response.status} ${response.phrase}`);
      t.true(response.message.length > 10, `${what} at ${operation}`);
    }
  }
  t.is((await guest.authenticate('register', 'Ann')).phrase, 'REGISTRATION_SUCCESSFUL', 'and it still works');
});

test('endpoints: given any invalid message from a device, then the answer has an odd status', async (t) => {
  const ann = await enter(t, await openTracker(t), 'Ann');
  const huge = bytes({ ...good, data: 'x'.repeat(120_000) });
  for (const topic of [...COMMAND_TOPICS, 'shutdown']) {
    for (const [what, data] of [...hostile, ['huge', huge] as const]) {
      const response = await ann.send(topic, data);
      t.false(isSuccess(response.status), `${what} at ${topic}: ${response.status} ${response.phrase}`);
      t.true(response.message.length > 10, `${what} at ${topic}`);
    }
  }
  t.is((await ann.command('people', { operation: 'LIST' })).phrase, 'PEOPLE_LISTED', 'and it still works');
});

test('endpoints: given random bytes or JSON, then there is an answer', async (t) => {
  const ann = await enter(t, await openTracker(t), 'Ann');
  const topic = fc.constantFrom(...COMMAND_TOPICS);
  const data = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.jsonValue().map((value) => bytes({ ...good, title: 'ChatRoom', data: value })),
    fc.jsonValue().map(bytes),
  );
  await fc.assert(
    fc.asyncProperty(topic, data, async (topic, data) => {
      const { status } = await ann.send(topic, data);
      t.false(isSuccess(status));
    }),
    { numRuns: 300 },
  );
});

test('endpoints: an answer carries the id of its request and a status of its family', async (t) => {
  const ann = await enter(t, await openTracker(t), 'Ann');
  const id = newCommandId();
  const response = await ann.command('chatroom', { operation: 'JOIN', name: 'nowhere' }, id);
  t.like(response, { id, status: 201, phrase: 'JOIN_FAILURE', connection: 'TCP' });
  t.is((await ann.send('private', Buffer.from('{}'))).status, 301);
  t.like(await ann.send('sync', bytes({ ...good, v: 2, id })), { id, phrase: 'UNSUPPORTED_VERSION' });
});

test('endpoints: given a reply subject outside the sender’s inbox, then there is no answer, and nothing changes', async (t) => {
  const tracker = await openTracker(t);
  const ann = await enter(t, tracker, 'Ann');
  const { account, device, jwt } = ann.grant;
  const elsewhere = await connectBus({
    servers: tracker.broker.url,
    credentials: { key: ann.key, jwt: () => jwt },
    // The broker lets the device subscribe to this inbox and the tracker publish to it, so the tracker itself must refuse.
    inboxPrefix: `user.${account}`,
    name: 'spec',
    log: silentLog,
  });
  t.teardown(() => elsewhere.close());
  const create = makeRequest({
    id: newCommandId(),
    title: 'ChatRoom',
    data: { operation: 'CREATE', name: 'trap' },
  });
  const subject = commandSubject(account, device, 'chatroom');
  await t.throwsAsync(elsewhere.request(subject, bytes(create), { timeoutMs: 500 }), { name: 'BusError' });
  t.is((await ann.command('chatroom', { operation: 'SEE' })).phrase, 'NO_AVAILABLE_CHAT_ROOM');
});

test('endpoints: given a device that names another account, then the broker refuses its request', async (t) => {
  const tracker = await openTracker(t);
  const ann = await enter(t, tracker, 'Ann');
  const ben = await enter(t, tracker, 'Ben');
  const subject = commandSubject(ben.grant.account, ben.grant.device, 'chatroom');
  await t.throwsAsync(ann.bus.request(subject, bytes(good), { timeoutMs: 2_000 }), { name: 'BusError' });
});
