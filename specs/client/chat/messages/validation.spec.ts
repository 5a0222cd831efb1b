import test from 'ava';
import * as fc from 'fast-check';
import { type Circumstances, judge } from '../../../../client/chat/messages/validation.js';
import { membersOf, wasMember, withNotice, withRoster } from '../../../../client/chat/rooms/room.js';
import type { Room } from '../../../../client/history/port.js';
import { type AccountId, accountIdSchema, systemIds } from '../../../../core/ids.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import {
  conversationIdSchema,
  type Message,
  privateConversation,
} from '../../../../core/protocol/message/message.js';
import type { Notice, Roster } from '../../../../core/protocol/signed/statements.js';
import { newDevice } from '../support/world.js';

const conversation = conversationIdSchema.parse(`room-${systemIds.next()}`);
const device = newDevice();
const me = accountIdSchema.parse(systemIds.next());
const others = Array.from({ length: 4 }, () => accountIdSchema.parse(systemIds.next()));
const [someone = me] = others;

/** The true history of the room: its notices, and its members at each version. */
interface Truth {
  readonly notices: readonly Notice[];
  /** Indexed by version. */
  readonly members: readonly (readonly Roster['members'][number][])[];
}

/** `me` creates the room. Then each number is another account, which joins if absent and leaves if present. */
function play(moves: readonly number[]): Truth {
  const notices: Notice[] = [];
  const members: Roster['members'][number][][] = [[]];
  const record = (type: Notice['type'], account: AccountId): void => {
    const version = notices.length + 1;
    const before = members.at(-1) ?? [];
    const entry = { account, username: 'x', isAdmin: type === 'RoomCreated', joinedVersion: version };
    members.push(
      type === 'MemberLeft' ? before.filter((one) => one.account !== account) : [...before, entry],
    );
    const subject = { account, username: 'x' };
    const room = { conversation, name: 'lobby' };
    notices.push({ v: 1, stream: conversation, version, type, room, subject, by: null, reason: null, at: 0 });
  };
  record('RoomCreated', me);
  for (const move of moves) {
    const account = others[move] ?? someone;
    const isIn = members.at(-1)?.some((one) => one.account === account) ?? false;
    record(isIn ? 'MemberLeft' : 'MemberJoined', account);
  }
  return { notices, members };
}

const rosterAt = ({ members }: Truth, version: number): Roster => ({
  v: 1,
  conversation,
  name: 'lobby',
  topic: '',
  isPrivate: false,
  version,
  members: [...(members[version] ?? [])],
});

const messageOf = (account: AccountId, roster: number): Message => ({
  conversation,
  account,
  device,
  seq: 1,
  hlc: hlcSchema.parse('0123456789ab0000'),
  roster,
  text: 'hi',
  spans: [],
});

/** The circumstances of an honest message over the link of its author. */
const direct = (account: AccountId, room: Room | undefined): Circumstances => ({
  me,
  bearer: { account, device },
  isPassedOn: false,
  owner: account,
  isSigned: true,
  room,
  hasSynced: false,
});

const verdictOn = (room: Room, account: AccountId, roster: number): string =>
  judge(messageOf(account, roster), direct(account, room)).verdict;

const moves = fc.array(fc.nat({ max: others.length - 1 }), { maxLength: 30 });

test('validation: given any history of notices, then a message is accepted exactly if its author was in the room at that version', (t) => {
  const { failed, counterexample } = fc.check(
    fc.property(moves, fc.infiniteStream(fc.nat({ max: 3 })), (played, choices) => {
      const truth = play(played);
      let room = withRoster(undefined, rosterAt(truth, 1));
      for (const notice of truth.notices) {
        room = withNotice(room, notice);
        // A roster of this version or an older one arrives in between. It must not change the result.
        const [choice = 0] = choices.take(1);
        if (choice === 0) room = withRoster(room, rosterAt(truth, notice.version));
        if (choice === 1) room = withRoster(room, rosterAt(truth, Math.max(1, notice.version - 1)));
        // Some notices arrive twice.
        if (choice === 2) room = withNotice(room, notice);
      }
      for (let version = 1; version <= room.version; version += 1) {
        for (const account of others) {
          const wasIn = truth.members[version]?.some((one) => one.account === account) ?? false;
          const expected = wasIn ? 'accepted' : 'refused';
          if (verdictOn(room, account, version) !== expected) return false;
        }
      }
      return verdictOn(room, someone, room.version + 1) === 'behind';
    }),
  );
  t.false(failed, JSON.stringify(counterexample));
});

test('validation: given only some of the rosters, then nobody counts as a member at a version at which they were not', (t) => {
  const { failed, counterexample } = fc.check(
    fc.property(moves, fc.array(fc.nat({ max: 29 })), (played, seen) => {
      const truth = play(played);
      const last = truth.notices.length;
      const versions = [
        1,
        ...seen.map((one) => 1 + (one % last)).toSorted((one, other) => one - other),
        last,
      ];
      let room: Room | undefined;
      for (const version of versions) room = withRoster(room, rosterAt(truth, version));
      if (room === undefined) return false;
      for (let version = 1; version <= last; version += 1) {
        for (const account of others) {
          const wasIn = truth.members[version]?.some((one) => one.account === account) ?? false;
          if (wasMember(room, account, version) && !wasIn) return false;
        }
      }
      const present = (truth.members[last] ?? []).map(({ account }) => account);
      return JSON.stringify(membersOf(room)) === JSON.stringify(present);
    }),
  );
  t.false(failed, JSON.stringify(counterexample));
});

test('validation: given a message older than the own membership, or in a room that the receiver left, then it is refused', (t) => {
  const truth = play([0, 1]);
  const joined = { account: me, username: 'x', isAdmin: false, joinedVersion: 3 };
  const entry = { account: someone, username: 'y', isAdmin: true, joinedVersion: 1 };
  const room = withRoster(undefined, { ...rosterAt(truth, 3), members: [entry, joined] });
  t.is(verdictOn(room, someone, 2), 'refused');
  t.is(verdictOn(room, someone, 3), 'accepted');
  const [template] = truth.notices;
  t.truthy(template);
  const left = { ...template, type: 'MemberLeft', version: 4 } as Notice;
  t.is(verdictOn(withNotice(room, left), someone, 3), 'refused');
});

const stay = (account: AccountId, joinedVersion: number) => ({
  account,
  joinedVersion,
  leftVersion: null,
  isAdmin: false,
  end: null,
});

const [author = me, bearer = me, stranger = me] = others;
const bearerDevice = newDevice();
const room: Room = {
  conversation,
  name: 'lobby',
  version: 9,
  topic: '',
  isPrivate: false,
  memberships: [stay(me, 3), stay(bearer, 1), { ...stay(author, 2), leftVersion: 7, end: 'removed' }],
};

/** The circumstances of the author's message when a device of `by` passes it on. */
const passedBy = (by: AccountId): Circumstances => ({
  ...direct(author, room),
  bearer: { account: by, device: bearerDevice },
  isPassedOn: true,
});

test('validation: given a relayed message, then its bearer must be a member now and its author must have been one then', (t) => {
  const verdict = (by: AccountId, roster: number): string =>
    judge(messageOf(author, roster), passedBy(by)).verdict;
  t.is(verdict(bearer, 5), 'accepted');
  t.is(verdict(bearer, 2), 'refused', 'the message is older than the own membership');
  t.is(verdict(bearer, 7), 'refused', 'the author had been removed');
  t.is(verdict(bearer, 10), 'behind');
  t.is(verdict(stranger, 5), 'refused', 'the bearer is no member');
  t.is(verdict(author, 5), 'refused', 'the bearer is another terminal of the removed author');
  t.is(judge(messageOf(author, 5), { ...passedBy(bearer), room: undefined }).verdict, 'behind');
});

/** The removed author joined again at version 9, the room's present version. */
const rejoined: Room = { ...room, memberships: [...room.memberships, stay(author, 9)] };

for (const [title, from, roster, known, hasSynced, expected] of [
  ['the present version', 'a member', 9, room, true, 'accepted'],
  ['a later version, before a sync', 'a member', 12, room, false, 'behind'],
  ['a later version, after a sync', 'a member', 12, room, true, 'accepted'],
  ['the highest number, after a sync', 'a member', Number.MAX_SAFE_INTEGER, room, true, 'accepted'],
  ['a later version, after a sync', 'a removed member', 12, room, true, 'refused'],
  ['a later version, after a sync', 'a member again', 12, rejoined, true, 'accepted'],
  ['a later version, after a sync', 'a stranger', 12, room, true, 'refused'],
  ['a later version of an unknown room, after a sync', 'a member', 12, undefined, true, 'behind'],
  [
    'a later version of a room that the receiver left',
    'a member',
    12,
    { ...room, memberships: [] },
    true,
    'refused',
  ],
] as const) {
  test(`validation: given a message of ${from} at ${title}, then it is ${expected}`, (t) => {
    const others = new Map<string, AccountId>([
      ['a member', bearer],
      ['a stranger', stranger],
    ]);
    const account = others.get(from) ?? author;
    const own = { ...direct(account, known), hasSynced };
    t.is(judge(messageOf(account, roster), own).verdict, expected);
    if (expected !== 'accepted') return;
    const passed = { ...own, isPassedOn: true, bearer: { account: bearer, device: bearerDevice } };
    t.is(judge(messageOf(account, roster), passed).verdict, 'accepted', 'passed on by a member');
  });
}

const [partner = me] = others;
const ways: readonly (readonly [name: string, circumstances: Circumstances])[] = [
  ['over the link of its author', direct(partner, undefined)],
  ['passed on by its author', { ...direct(partner, undefined), isPassedOn: true }],
  [
    'passed on by another terminal of this account',
    { ...direct(partner, undefined), isPassedOn: true, bearer: { account: me, device: bearerDevice } },
  ],
];
const privately = { ...messageOf(partner, 0), conversation: privateConversation(me, partner) };
const elsewhere = {
  ...privately,
  conversation: privateConversation(partner, author === partner ? bearer : author),
};

const faults: readonly (readonly [fault: Partial<Circumstances>, expected: object])[] = [
  [{ isSigned: false }, { verdict: 'forged', phrase: 'SIGNATURE_INVALID' }],
  [{ owner: bearer }, { verdict: 'forged', forgery: 'owner' }],
  [{ owner: undefined }, { verdict: 'forged', forgery: 'owner' }],
];

for (const [name, circumstances] of ways) {
  test(`validation: given a message ${name}, then the same faults are found in it`, (t) => {
    t.is(judge(privately, circumstances).verdict, 'accepted');
    t.like(judge(elsewhere, circumstances), { verdict: 'refused', phrase: 'NOT_A_RECIPIENT' });
    for (const [fault, expected] of faults)
      t.like(judge(privately, { ...circumstances, ...fault }), expected);
  });
}

test('validation: given a message without a proof, then only the link of its author may bring it', (t) => {
  const verdicts = ways.map(
    ([, circumstances]) => judge(privately, { ...circumstances, isSigned: null }).verdict,
  );
  t.deepEqual(verdicts, ['accepted', 'accepted', 'forged']);
  const stolen = { ...direct(partner, undefined), bearer: { account: bearer, device: bearerDevice } };
  t.is(judge(privately, stolen).verdict, 'refused', 'it is not passed on and not from its author');
});
