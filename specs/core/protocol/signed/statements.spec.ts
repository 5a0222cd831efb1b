import test from 'ava';
import * as fc from 'fast-check';
import {
  introductionSchema,
  noticeSchema,
  noticeTypeSchema,
  rosterSchema,
} from '../../../../core/protocol/signed/statements.js';

const person = { account: '01ARZ3NDEKTSV4RRFFQ69G5FAV', username: 'bob' };
const device = `U${'A'.repeat(55)}`;
const conversation = 'room-01ARZ3NDEKTSV4RRFFQ69G5FAV';
const address = { ip: '127.0.0.1', port: 4222 };
const introduction = {
  v: 1,
  to: device,
  peer: { ...person, device, addresses: [address] },
  connection: 'TCP',
  at: 1_700_000_000_000,
};
const member = { ...person, isAdmin: true, joinedVersion: 1 };
const roster = {
  v: 1,
  conversation,
  name: 'lobby',
  version: 3,
  topic: 'tea',
  isPrivate: true,
  members: [member],
};
const notice = {
  v: 1,
  stream: conversation,
  version: 2,
  type: 'MemberJoined',
  room: { conversation, name: 'lobby' },
  subject: person,
  by: null,
  reason: null,
  at: 1,
};
const statements = [
  ['introduction', introductionSchema, introduction],
  ['roster', rosterSchema, roster],
  ['notice', noticeSchema, notice],
] as const;

for (const [name, schema, good] of statements) {
  test(`${name}: a valid one is accepted unchanged, and anything else is refused`, (t) => {
    t.deepEqual<unknown, unknown>(schema.parse(good), good);
    for (const field of Object.keys(good))
      t.false(schema.safeParse({ ...good, [field]: undefined }).success, field);
    t.notThrows(() => fc.assert(fc.property(fc.anything(), (value) => !schema.safeParse(value).success)));
    t.false(schema.safeParse({ ...good, v: 2 }).success);
  });
}

const withAddresses = (length: number): unknown => ({
  ...introduction,
  peer: { ...introduction.peer, addresses: Array.from({ length }, () => address) },
});

test('introduction: at most 16 addresses', (t) => {
  t.true(introductionSchema.safeParse(withAddresses(0)).success);
  t.true(introductionSchema.safeParse(withAddresses(16)).success);
  t.false(introductionSchema.safeParse(withAddresses(17)).success);
});

const withMembers = (length: number): unknown => ({
  ...roster,
  members: Array.from({ length }, (_, index) => ({ ...member, username: `m${index}` })),
});

test('roster: at most 128 members, in the order given', (t) => {
  t.deepEqual<unknown, unknown>(rosterSchema.parse(withMembers(128)), withMembers(128));
  t.false(rosterSchema.safeParse(withMembers(129)).success);
  t.true(JSON.stringify(withMembers(128)).length < 64 * 1_024);
});

test('notice: its type is a domain event of the JSON face', (t) => {
  const contract =
    'RoomCreated MemberJoined MemberLeft MemberRemoved MemberBanned MemberUnbanned MemberInvited AdminPromoted ' +
    'AdminDemoted AdminSucceeded SuccessorNamed TopicChanged RoomUnattended RoomAttended RoomClosed ' +
    'UsernameChanged DeviceEnrolled DeviceRevoked AccountDisabled';
  for (const type of noticeTypeSchema.options) t.true(contract.split(' ').includes(type), type);
});
