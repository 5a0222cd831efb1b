import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import type { Hasher } from '../../actors/passwords/hasher.js';
import { limits } from '../../core/protocol/limits.js';
import { isSuccess } from '../../core/protocol/status.js';
import { until } from '../support/until.js';
import { newDevice, openLocalEndpoints, enrolledDeviceIn } from './local-endpoints.js';
import { newCommandId, openTrackerFixture, testHasher } from './tracker-fixture.js';

const IN_HAND = 1_000;

test('endpoints: given the greatest number of running requests, when one more arrives, then its answer says when to retry', async (t) => {
  const fixture = await openTrackerFixture(t);
  let inHand = 0;
  const held = new Promise<never>(() => undefined);
  const sync = (): Promise<never> => {
    inHand += 1;
    return held;
  };
  const endpoints = openLocalEndpoints({ ...fixture, handlers: { ...fixture.handlers, sync } });
  const ann = await fixture.enrolled('Ann');
  for (let count = 0; count < IN_HAND; count += 1)
    void endpoints.command(ann, 'sync', { versions: {} }).send();
  await until(() => inHand === IN_HAND, 'all to be in hand');
  const answer = await endpoints.command(ann, 'people', { operation: 'LIST' }).send();
  t.like(answer, { status: 501, phrase: 'BUSY' });
  t.true(z.object({ retryAfterMs: z.int().positive() }).safeParse(answer.data).success);
});

/**
 * Endpoints with the account Ann, where no password is compared before `opening` is aborted. `checked` counts the requested
 * comparisons.
 */
async function whilePasswordsWait(t: ExecutionContext) {
  const hasher = testHasher(t);
  let asked = 0;
  const opening = new AbortController();
  const matches: Hasher['matches'] = async (...given) => {
    asked += 1;
    if (!opening.signal.aborted) await once(opening.signal, 'abort');
    return hasher.matches(...given);
  };
  const endpoints = openLocalEndpoints(await openTrackerFixture(t, { hasher: { ...hasher, matches } }));
  t.is((await endpoints.authenticate(newDevice(), 'register', 'Ann').send()).status, 100);
  return { endpoints, opening, checked: () => asked };
}

test('endpoints: given a login in progress, when the guest repeats it, then the password is checked once, and both are answered', async (t) => {
  const { endpoints, opening, checked } = await whilePasswordsWait(t);
  const letter = endpoints.authenticate(newDevice(), 'login', 'Ann');
  const first = letter.send();
  await until(() => checked() === 1, 'the password to be in hand');
  const again = letter.send();
  // A second check of the first login, if there were one, would have started before this check.
  const other = endpoints.authenticate(newDevice(), 'login', 'Ann').send();
  await until(() => checked() === 2, 'the other to be in hand');
  opening.abort();
  const [one, two, three] = await Promise.all([first, again, other]);
  t.deepEqual(one, two);
  t.deepEqual([one.status, three.status, checked()], [100, 100, 2]);
  t.is((await letter.send()).phrase, 'LOGIN_SUCCESSFUL');
  t.is(checked(), 3);
});

test('endpoints: given a guest who repeats a login a thousand times, then other guests can still log in', async (t) => {
  const { endpoints, opening, checked } = await whilePasswordsWait(t);
  const letter = endpoints.authenticate(newDevice(), 'login', 'Ann');
  const all = [letter.send()];
  await until(() => checked() === 1, 'the password to be in hand');
  for (let count = 0; count <= IN_HAND; count += 1) {
    all.push(letter.send());
    // Requests arrive in separate turns of the event loop, as from a socket.
    if (count % 100 === 0) await nextTurn();
  }
  const other = endpoints.authenticate(newDevice(), 'login', 'Ann').send();
  await until(() => checked() === 2, 'the other to be in hand');
  opening.abort();
  t.is((await other).phrase, 'LOGIN_SUCCESSFUL');
  const phrases = (await Promise.all(all)).map(({ phrase }) => phrase);
  t.deepEqual([phrases.at(0), phrases.at(-1)], ['LOGIN_SUCCESSFUL', 'LOGIN_SUCCESSFUL']);
  t.true(phrases.slice(1, -1).every((phrase) => phrase === 'BUSY'));
});

/** Texts that SQLite cannot store or its driver cannot return. */
const unstorable = new Map<string, Buffer>([
  ['a NUL, escaped', Buffer.from('a\\u0000b')],
  ['a NUL', Buffer.from('a\0b')],
  ['half of a character, escaped', Buffer.from('ab\\ud800')],
  ['the other half', Buffer.from('\\udc00ab')],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x62])],
  ['an overlong NUL', Buffer.from([0x61, 0xc0, 0x80, 0x62])],
  ['a surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80])],
]);

/** Requests for each field that takes a text. `¿` stands for the text. */
const places = (id: string): readonly (readonly ['chatroom' | 'people' | 'private' | 'sync', string])[] => {
  const common = `"v":1,"id":"${id}","connection":"TCP","from":null,"to":null`;
  return [
    ...['CREATE', 'JOIN', 'QUIT', 'MEMBERS'].map(
      (operation) =>
        [
          'chatroom',
          `{${common},"title":"ChatRoom","data":{"operation":"${operation}","name":"¿"}}`,
        ] as const,
    ),
    ['chatroom', `{${common},"title":"ChatRoom","data":{"operation":"CREATE¿","name":"lobby"}}`],
    [
      'people',
      `{${common},"title":"People","data":{"operation":"ANNOUNCE","addresses":[{"ip":"¿","port":1}]}}`,
    ],
    [
      'people',
      `{${common},"title":"People","data":{"operation":"ANNOUNCE","addresses":[{"ip":"::1%¿","port":1}]}}`,
    ],
    ['private', `{${common},"title":"PRIVATE","data":{"username":"¿"}}`],
    ['private', `{${common},"title":"PRIVATE","data":{"accounts":["¿"]}}`],
    ['sync', `{${common},"title":"Sync","data":{"versions":{"¿":"1"}}}`],
    [
      'chatroom',
      '{"v":1,"id":"¿","connection":"TCP","from":null,"to":null,"title":"ChatRoom","data":{"operation":"SEE"}}',
    ],
    ['chatroom', `{${common},"title":"¿","data":{"operation":"SEE"}}`],
  ];
};

/** Every text in the database, as bytes. */
async function texts(reads: Awaited<ReturnType<typeof openTrackerFixture>>['database']['reads']) {
  const tables = await reads.all("SELECT name FROM sqlite_master WHERE type = 'table'");
  const found: Buffer[] = [];
  for (const table of z.array(z.object({ name: z.string() })).parse(tables)) {
    const columns = await reads.all(`SELECT name FROM pragma_table_info('${table.name}')`);
    for (const column of z.array(z.object({ name: z.string() })).parse(columns)) {
      const select = `SELECT CAST("${column.name}" AS BLOB) AS bytes FROM "${table.name}" WHERE typeof("${column.name}") = 'text'`;
      const rows = z.array(z.object({ bytes: z.instanceof(ArrayBuffer) })).parse(await reads.all(select));
      found.push(...rows.map(({ bytes }) => Buffer.from(bytes)));
    }
  }
  return found;
}

test('endpoints: given text that cannot be stored, in any field, then the request is refused, and the text is not in the database', async (t) => {
  const fixture = await openTrackerFixture(t, { hasher: testHasher(t) });
  const endpoints = openLocalEndpoints(fixture);
  const ann = enrolledDeviceIn(await endpoints.authenticate(newDevice(), 'register', 'Ann').send());
  for (const [what, bytes] of unstorable) {
    for (const [topic, template] of places(newCommandId())) {
      const [before = '', after = ''] = template.split('¿');
      const data = Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
      const { status, phrase } = await endpoints.sendBytes(ann.account, ann.device, topic, data);
      t.false(isSuccess(status), `${what} in ${template}`);
      t.false(['INTERNAL', 'UNAVAILABLE'].includes(phrase), `${what} in ${template}`);
    }
  }
  for (const username of ['a\0b', 'ab\ud800', '\udc00ab', 'a\ufffdb']) {
    for (const operation of ['register', 'login'] as const) {
      const { status, phrase } = await endpoints.authenticate(newDevice(), operation, username).send();
      t.is(status, 101, phrase);
    }
  }
  await fixture.admission.record.idle();
  const stored = await texts(fixture.database.reads);
  t.true(stored.length > limits.usernameMinLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (const bytes of stored) t.regex(decoder.decode(bytes), /^[^\0\ufffd]*$/);
});
