import test from 'ava';
import * as fc from 'fast-check';
import {
  accountOperationSchema,
  enteredSchema,
  grantSchema,
  introducedSchema,
  memberListSchema,
  peopleListSchema,
  peopleOperationSchema,
  privateOperationSchema,
  quitSchema,
  roomListSchema,
  roomOperationSchema,
  syncedSchema,
  syncOperationSchema,
} from '../../../core/protocol/operations.js';

const account = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const fill = <T>(length: number, value: T): readonly T[] => Array.from({ length }, () => value);
const asked = {
  Account: accountOperationSchema,
  ChatRoom: roomOperationSchema,
  People: peopleOperationSchema,
  PRIVATE: privateOperationSchema,
  Sync: syncOperationSchema,
};

for (const [title, schema] of Object.entries(asked)) {
  test(`${title}: given any value, then it is refused without an exception`, (t) => {
    t.notThrows(() => fc.assert(fc.property(fc.anything(), (value) => !schema.safeParse(value).success)));
    for (const value of [null, [], '', 0, {}, { operation: null }, { operation: '__proto__' }]) {
      t.false(schema.safeParse(value).success);
    }
  });
}

const isRoomOperation = (value: unknown): boolean => roomOperationSchema.safeParse(value).success;

test('ChatRoom: every operation except SEE needs a valid name', (t) => {
  for (const operation of ['CREATE', 'JOIN', 'QUIT', 'MEMBERS']) {
    t.true(isRoomOperation({ operation, name: 'lobby' }));
    for (const name of [undefined, null, '', '#lobby', 'x'.repeat(33)])
      t.false(isRoomOperation({ operation, name }));
  }
  t.true(isRoomOperation({ operation: 'SEE' }));
  t.false(isRoomOperation({ operation: 'see' }));
});

test('Account: a device that is logged in may renew or log out', (t) => {
  for (const operation of ['RENEW', 'LOGOUT'])
    t.true(accountOperationSchema.safeParse({ operation }).success);
});

const isAnnounced = (count: number): boolean =>
  peopleOperationSchema.safeParse({ operation: 'ANNOUNCE', addresses: fill(count, { ip: '::1', port: 1 }) })
    .success;

test('People: at most 16 addresses can be announced', (t) => {
  t.true(isAnnounced(0));
  t.true(isAnnounced(16));
  t.false(isAnnounced(17));
  t.true(peopleOperationSchema.safeParse({ operation: 'LIST' }).success);
});

const isPrivateAsked = (value: unknown): boolean => privateOperationSchema.safeParse(value).success;

test('PRIVATE: it takes one person by name, or 1 to 128 by account', (t) => {
  t.true(isPrivateAsked({ username: 'bob' }));
  t.true(isPrivateAsked({ accounts: fill(128, account) }));
  for (const wrong of [
    { username: 'b' },
    { accounts: [] },
    { accounts: fill(129, account) },
    { accounts: ['bob'] },
  ]) {
    t.false(isPrivateAsked(wrong));
  }
});

const sentence = (value: unknown): string | undefined =>
  privateOperationSchema.safeParse(value).error?.issues[0]?.message;

test('PRIVATE: a missing field is explained in a sentence', (t) => {
  t.is(sentence({}), 'A private session needs a username, or the accounts of a room.');
  t.is(sentence({ username: 'b' }), 'A username must have at least 3 characters.');
});

const isSyncAsked = (versions: unknown): boolean => syncOperationSchema.safeParse({ versions }).success;

const streams = (count: number) =>
  Object.fromEntries(fill(count, 0).map((_, index) => [`room-${index}`, index]));

test('Sync: it takes at most 128 streams, with short names and whole versions', (t) => {
  t.true(isSyncAsked({}));
  t.true(isSyncAsked(streams(128)));
  t.false(isSyncAsked(streams(129)));
  for (const wrong of [{ a: -1 }, { a: 0.5 }, { a: '1' }, { ['a'.repeat(65)]: 1 }, [], null])
    t.false(isSyncAsked(wrong));
});

test('Sync: a stream named __proto__ changes no prototype', (t) => {
  const parsed = syncOperationSchema.safeParse({ versions: JSON.parse('{"__proto__":7,"constructor":3}') });
  t.is(parsed.success && Object.getPrototypeOf(parsed.data.versions), Object.prototype);
});

test('answers: all data that the tracker sends is accepted', (t) => {
  const signed = { body: '{}', signature: 'A'.repeat(86) };
  const leads = { event: 'AdminSucceeded', because: 'left', by: null, since: '2026-11-22T11:30:00.000Z' };
  const answers = [
    [grantSchema, { account, username: 'bob', device: `U${'A'.repeat(55)}`, jwt: 'a.b.c', expiresAt: 1 }],
    [roomListSchema, { rooms: [{ name: 'lobby', members: 2, topic: '', private: false, joined: true }] }],
    [
      memberListSchema,
      {
        members: [{ username: 'bob', admin: true, joined: '2026-11-22T11:00:00.000Z', online: true, leads }],
        next: null,
      },
    ],
    [enteredSchema, { roster: signed }],
    [quitSchema, { conversation: `room-${account}`, name: 'lobby', next: 'bob' }],
    [peopleListSchema, { people: [{ account, username: 'bob', state: 'online' }] }],
    [introducedSchema, { introductions: [signed], peer: { account, username: 'bob' } }],
    [syncedSchema, { rosters: [signed], notices: [], more: false }],
  ] as const;
  for (const [schema, answer] of answers) t.deepEqual<unknown, unknown>(schema.parse(answer), answer);
});
