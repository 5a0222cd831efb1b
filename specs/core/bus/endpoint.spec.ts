import test from 'ava';
import { type EndpointOptions, serveEndpoint } from '../../../core/bus/endpoint.js';
import {
  ALL_AUTH,
  ALL_COMMANDS,
  authSubject,
  commandSubject,
  deviceInbox,
  isServiceReply,
  isWithinInbox,
  noticeSubject,
} from '../../../core/bus/subjects.js';
import { deviceIdSchema } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { deviceCredentials, testBroker } from '../../support/bus/broker.js';
import { newAccountId } from '../../support/identities.js';
import { until } from '../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (data: Uint8Array): string => Buffer.from(data).toString();
const patience = { timeoutMs: 5_000 };

const commands: EndpointOptions = {
  subject: ALL_COMMANDS,
  queue: 'tracker',
  concurrency: 8,
  isReplyAllowed: ([, , , device], reply) => isWithinInbox(reply, deviceInbox(deviceIdSchema.parse(device))),
  handle: async ([, , , , topic], data) => bytes(`${topic}: ${textOf(data)}`),
  busy: () => bytes('busy'),
  failed: () => bytes('failed'),
  log: silentLog,
};

test('endpoint: given a request, then the handler receives the subject’s tokens and the requester receives its answer', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  serveEndpoint(server, commands);
  await server.flush();
  const { bus, account, device: id } = await device();
  t.is(
    textOf(await bus.request(commandSubject(account, id, 'people'), bytes('who'), patience)),
    'people: who',
  );
});

test('endpoint: given a guest of another account, then the broker’s own reply subject routes the answer back', async (t) => {
  const { door, guest } = await testBroker(t);
  const server = await door();
  serveEndpoint(server, {
    ...commands,
    subject: ALL_AUTH,
    isReplyAllowed: (_, reply) => isServiceReply(reply),
  });
  await server.flush();
  const { bus, device } = await guest();
  t.regex(textOf(await bus.request(authSubject(device, 'login'), bytes(''), patience)), /: $/);
});

test('endpoint: given a reply subject that is not the requester’s own, then nothing is handled and nothing is sent there', async (t) => {
  const { tracker, device, connect, keyring } = await testBroker(t);
  const server = await tracker();
  const handled: string[] = [];
  serveEndpoint(server, {
    ...commands,
    handle: async (_, data) => {
      handled.push(textOf(data));
      return data;
    },
  });
  const victim = newAccountId();
  const leaks: string[] = [];
  server.subscribe(noticeSubject(victim), ({ data }) => void leaks.push(textOf(data)));
  await server.flush();
  // nats.js lets a client choose the prefix of its reply subjects. This client chooses another account's notices.
  const { key, account, device: id, bus } = await device();
  const attacker = await connect({
    credentials: deviceCredentials(keyring, { key, account }),
    inboxPrefix: `user.${victim}`,
  });
  await t.throwsAsync(
    attacker.request(commandSubject(account, id, 'sync'), bytes('evil'), { timeoutMs: 300 }),
  );
  await bus.request(commandSubject(account, id, 'sync'), bytes('good'), patience);
  t.deepEqual(handled, ['good']);
  t.deepEqual(leaks, []);
});

test('endpoint: given no reply subject, then the request is not handled', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  const handled: string[] = [];
  serveEndpoint(server, {
    ...commands,
    handle: async (_, data) => {
      handled.push(textOf(data));
      return data;
    },
  });
  await server.flush();
  const { bus, account, device: id } = await device();
  bus.publish(commandSubject(account, id, 'sync'), bytes('no reply'));
  await bus.request(commandSubject(account, id, 'sync'), bytes('with reply'), patience);
  t.deepEqual(handled, ['with reply']);
});

test('endpoint: given as many requests in progress as it allows, then the next is answered busy, and later ones are served again', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  const open: (() => void)[] = [];
  serveEndpoint(server, {
    ...commands,
    concurrency: 2,
    handle: async () => {
      await new Promise<void>((resolve) => open.push(resolve));
      return bytes('done');
    },
  });
  await server.flush();
  const { bus, account, device: id } = await device();
  const ask = async (): Promise<string> =>
    textOf(await bus.request(commandSubject(account, id, 'sync'), bytes(''), patience));
  const first = [ask(), ask()];
  await until(() => open.length === 2, 'two are in hand');
  t.is(await ask(), 'busy');
  for (const finish of open.splice(0)) finish();
  t.deepEqual(await Promise.all(first), ['done', 'done']);
  const later = ask();
  await until(() => open.length === 1, 'the next is in hand');
  for (const finish of open) finish();
  t.is(await later, 'done');
});

test('endpoint: given a handler that throws, then the requester receives an error and the next request is served', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  serveEndpoint(server, {
    ...commands,
    handle: async (_, data) => {
      if (textOf(data) === 'bad') throw new Error('a defect');
      return data;
    },
  });
  await server.flush();
  const { bus, account, device: id } = await device();
  const subject = commandSubject(account, id, 'sync');
  t.is(textOf(await bus.request(subject, bytes('bad'), patience)), 'failed');
  t.is(textOf(await bus.request(subject, bytes('good'), patience)), 'good');
});

test('endpoint: given requests in progress, when it is stopped, then they are answered first', async (t) => {
  const { tracker, device } = await testBroker(t);
  const server = await tracker();
  const open: (() => void)[] = [];
  const endpoint = serveEndpoint(server, {
    ...commands,
    handle: async () => {
      await new Promise<void>((resolve) => open.push(resolve));
      return bytes('done');
    },
  });
  await server.flush();
  const { bus, account, device: id } = await device();
  const subject = commandSubject(account, id, 'sync');
  const answer = bus.request(subject, bytes(''), patience);
  await until(() => open.length === 1, 'it is in hand');
  const stopping = endpoint.stop();
  for (const finish of open) finish();
  await stopping;
  t.is(textOf(await answer), 'done');
  await t.throwsAsync(bus.request(subject, bytes(''), patience), { message: /nobody serves/ });
});
