import test from 'ava';
import { limits } from '../../../core/protocol/limits.js';
import { ann, ben, cat, dan } from '../people.js';
import { asked, manyAccounts, happened, open, story } from './decider.js';

const { banned, created, createdPrivate, invited, joined, left, promoted, removed, succeeded, unbanned } =
  happened;

for (const [ask, what] of [
  [asked.remove, 'removed'],
  [asked.ban, 'banned'],
] as const) {
  test(
    `room: given an admin, when they ask to be ${what} themselves, then the refusal is INVALID_COMMAND`,
    story,
    {
      given: open,
      when: ask(ann, ann),
      expect: { refused: 'INVALID_COMMAND' },
    },
  );
  test(
    `room: given two admins, when one asks that the other be ${what}, then the refusal is IS_ADMIN`,
    story,
    {
      given: [...open, promoted(ben)],
      when: ask(ben, ann),
      expect: { refused: 'IS_ADMIN' },
    },
  );
  test(
    `room: given a stranger, when an admin asks that they be ${what}, then the refusal is USER_NOT_A_MEMBER`,
    story,
    {
      given: open,
      when: ask(ann, dan),
      expect: { refused: 'USER_NOT_A_MEMBER' },
    },
  );
  test(
    `room: given an unknown name, when an admin asks that it be ${what}, then the refusal is USER_NOT_A_MEMBER`,
    story,
    {
      given: open,
      when: ask(ann, null),
      expect: { refused: 'USER_NOT_A_MEMBER' },
    },
  );
  test(
    `room: given an invited stranger, when an admin asks that they be ${what}, then the refusal is USER_NOT_A_MEMBER`,
    story,
    {
      given: [...open, invited(dan)],
      when: ask(ann, dan),
      expect: { refused: 'USER_NOT_A_MEMBER' },
    },
  );
  test(
    `room: given two admins, when the second one asks that a member be ${what}, then that is recorded`,
    story,
    {
      given: [...open, promoted(ben)],
      when: ask(ben, cat),
      expect: [what === 'removed' ? removed(cat) : banned(cat)],
    },
  );
}

test('room: given a banned account, when it is banned again, then nothing changes', story, {
  given: [...open, banned(ben)],
  when: asked.ban(ann, ben),
  expect: 'nothing',
});

test('room: given a banned account, when it is removed, then the refusal is USER_NOT_A_MEMBER', story, {
  given: [...open, banned(ben)],
  when: asked.remove(ann, ben),
  expect: { refused: 'USER_NOT_A_MEMBER' },
});

test(
  'room: given a removed member, when they are removed again, then the refusal is USER_NOT_A_MEMBER',
  story,
  {
    given: [...open, removed(ben)],
    when: asked.remove(ann, ben),
    expect: { refused: 'USER_NOT_A_MEMBER' },
  },
);

test(
  'room: given a removed member who joined again, when an admin leaves, then they are last in join order',
  story,
  {
    given: [...open, removed(ben), joined(ben), left(ann), succeeded(cat, ann, 'left')],
    when: asked.leave(cat),
    expect: [left(cat), succeeded(ben, cat, 'left')],
  },
);

test('room: given a banned account in a private room, when it joins, then the refusal is BANNED', story, {
  given: [createdPrivate, invited(ben), joined(ben), banned(ben)],
  when: asked.join(ben),
  expect: { refused: 'BANNED' },
});

test('room: given a banned account, when it leaves, then the refusal is NOT_A_MEMBER', story, {
  given: [...open, banned(ben)],
  when: asked.leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a banned account, when the ban is lifted, then that is recorded', story, {
  given: [...open, banned(ben)],
  when: asked.unban(ann, ben),
  expect: [unbanned(ben)],
});

test('room: given a lifted ban, when the account joins, then it becomes a member', story, {
  given: [...open, banned(ben), unbanned(ben)],
  when: asked.join(ben),
  expect: [joined(ben)],
});

test(
  'room: given a lifted ban in a private room, when the account joins, then the refusal is NOT_INVITED',
  story,
  {
    given: [createdPrivate, invited(ben), joined(ben), banned(ben), unbanned(ben)],
    when: asked.join(ben),
    expect: { refused: 'NOT_INVITED' },
  },
);

test('room: given a lifted ban, when it is lifted again, then the refusal is NOT_BANNED', story, {
  given: [...open, banned(ben), unbanned(ben)],
  when: asked.unban(ann, ben),
  expect: { refused: 'NOT_BANNED' },
});

test('room: given an unknown name, when its ban is lifted, then the refusal is NOT_BANNED', story, {
  given: open,
  when: asked.unban(ann, null),
  expect: { refused: 'NOT_BANNED' },
});

const outcasts = (count: number) =>
  manyAccounts(count).flatMap((account) => [joined(account), banned(account)]);

test(
  'room: given the maximum number of bans, when one more member is banned, then the refusal is TOO_MANY_BANS',
  story,
  {
    given: [...open, ...outcasts(limits.bansPerRoom)],
    when: asked.ban(ann, ben),
    expect: { refused: 'TOO_MANY_BANS' },
  },
);

test('room: given the maximum number of bans, when one is lifted, then another member can be banned', story, {
  given: [...open, ...outcasts(limits.bansPerRoom), unbanned(manyAccounts(1)[0] ?? dan)],
  when: asked.ban(ann, ben),
  expect: [banned(ben)],
});

test(
  'room: given the maximum number of bans, when a banned account is banned again, then nothing changes',
  story,
  {
    given: [...open, ...outcasts(limits.bansPerRoom)],
    when: asked.ban(ann, manyAccounts(1)[0] ?? dan),
    expect: 'nothing',
  },
);

test('room: given a private room, when a stranger joins, then the refusal is NOT_INVITED', story, {
  given: [createdPrivate],
  when: asked.join(dan),
  expect: { refused: 'NOT_INVITED' },
});

test('room: given a private room, when an invited account joins, then it becomes a member', story, {
  given: [createdPrivate, invited(dan)],
  when: asked.join(dan),
  expect: [joined(dan)],
});

test(
  'room: given a member who used an invitation and left, when they join again, then the refusal is NOT_INVITED',
  story,
  {
    given: [createdPrivate, invited(dan), joined(dan), left(dan)],
    when: asked.join(dan),
    expect: { refused: 'NOT_INVITED' },
  },
);

test('room: given a full private room, when an invited account joins, then the refusal is ROOM_FULL', story, {
  given: [createdPrivate, ...manyAccounts(limits.membersPerRoom - 1).map(joined), invited(dan)],
  when: asked.join(dan),
  expect: { refused: 'ROOM_FULL' },
});

test('room: given a public room, when an account is invited, then the invitation is recorded', story, {
  given: [created],
  when: asked.invite(ann, dan),
  expect: [invited(dan)],
});

test('room: given an invited account, when it is invited again, then nothing changes', story, {
  given: [createdPrivate, invited(dan)],
  when: asked.invite(ann, dan),
  expect: 'nothing',
});

test('room: given a member, when they are invited, then the refusal is USER_IS_MEMBER', story, {
  given: open,
  when: asked.invite(ann, ben),
  expect: { refused: 'USER_IS_MEMBER' },
});

test('room: given an admin, when they invite themselves, then the refusal is USER_IS_MEMBER', story, {
  given: open,
  when: asked.invite(ann, ann),
  expect: { refused: 'USER_IS_MEMBER' },
});

test('room: given a banned account, when it is invited, then the refusal is USER_IS_BANNED', story, {
  given: [...open, banned(ben)],
  when: asked.invite(ann, ben),
  expect: { refused: 'USER_IS_BANNED' },
});

test('room: given an unknown name, when it is invited, then the refusal is USERNAME_NOT_FOUND', story, {
  given: open,
  when: asked.invite(ann, null),
  expect: { refused: 'USERNAME_NOT_FOUND' },
});

const guests = manyAccounts(limits.invitationsPerRoom).map(invited);

test(
  'room: given the maximum number of invitations, when one more account is invited, then the refusal is TOO_MANY_INVITATIONS',
  story,
  {
    given: [createdPrivate, ...guests],
    when: asked.invite(ann, dan),
    expect: { refused: 'TOO_MANY_INVITATIONS' },
  },
);

test(
  'room: given the maximum number of invitations, when one invited account joins, then another can be invited',
  story,
  {
    given: [createdPrivate, ...guests, joined(manyAccounts(1)[0] ?? dan)],
    when: asked.invite(ann, dan),
    expect: [invited(dan)],
  },
);
