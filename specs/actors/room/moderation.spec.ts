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
    `room: given an admin, when they are to be ${what} by themself, then they should leave instead`,
    story,
    {
      given: open,
      when: ask(ann, ann),
      expect: { refused: 'INVALID_COMMAND' },
    },
  );
  test(`room: given two admins, when one is to be ${what} by the other, then they are an admin`, story, {
    given: [...open, promoted(ben)],
    when: ask(ben, ann),
    expect: { refused: 'IS_ADMIN' },
  });
  test(`room: given a stranger, when they are to be ${what}, then they are no member`, story, {
    given: open,
    when: ask(ann, dan),
    expect: { refused: 'USER_NOT_A_MEMBER' },
  });
  test(`room: given a name that nobody has, when it is to be ${what}, then it is no member’s`, story, {
    given: open,
    when: ask(ann, null),
    expect: { refused: 'USER_NOT_A_MEMBER' },
  });
  test(`room: given an invited stranger, when they are to be ${what}, then they are no member`, story, {
    given: [...open, invited(dan)],
    when: ask(ann, dan),
    expect: { refused: 'USER_NOT_A_MEMBER' },
  });
  test(`room: given a second admin, when a member is ${what} by them, then it is done`, story, {
    given: [...open, promoted(ben)],
    when: ask(ben, cat),
    expect: [what === 'removed' ? removed(cat) : banned(cat)],
  });
}

test('room: given a banned person, when they are banned again, then nothing is left to do', story, {
  given: [...open, banned(ben)],
  when: asked.ban(ann, ben),
  expect: 'nothing',
});

test('room: given a banned person, when they are removed, then they are no member', story, {
  given: [...open, banned(ben)],
  when: asked.remove(ann, ben),
  expect: { refused: 'USER_NOT_A_MEMBER' },
});

test('room: given a removed person, when they are removed again, then they are no member', story, {
  given: [...open, removed(ben)],
  when: asked.remove(ann, ben),
  expect: { refused: 'USER_NOT_A_MEMBER' },
});

test('room: given a removed person, when they join again, then they may, as the last', story, {
  given: [...open, removed(ben), joined(ben), left(ann), succeeded(cat, ann, 'left')],
  when: asked.leave(cat),
  expect: [left(cat), succeeded(ben, cat, 'left')],
});

test(
  'room: given a banned person, when they join, then they are banned, also where they are invited only',
  story,
  {
    given: [createdPrivate, invited(ben), joined(ben), banned(ben)],
    when: asked.join(ben),
    expect: { refused: 'BANNED' },
  },
);

test('room: given a banned person, when they leave, then they are not in it', story, {
  given: [...open, banned(ben)],
  when: asked.leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a banned person, when the ban is lifted, then they are free of it', story, {
  given: [...open, banned(ben)],
  when: asked.unban(ann, ben),
  expect: [unbanned(ben)],
});

test('room: given a lifted ban, when they join, then they may', story, {
  given: [...open, banned(ben), unbanned(ben)],
  when: asked.join(ben),
  expect: [joined(ben)],
});

test('room: given a lifted ban from a private room, when they join, then they need an invitation', story, {
  given: [createdPrivate, invited(ben), joined(ben), banned(ben), unbanned(ben)],
  when: asked.join(ben),
  expect: { refused: 'NOT_INVITED' },
});

test('room: given a lifted ban, when it is lifted again, then there is none', story, {
  given: [...open, banned(ben), unbanned(ben)],
  when: asked.unban(ann, ben),
  expect: { refused: 'NOT_BANNED' },
});

test('room: given a name that nobody has, when a ban of it is lifted, then there is none', story, {
  given: open,
  when: asked.unban(ann, null),
  expect: { refused: 'NOT_BANNED' },
});

const outcasts = (count: number) =>
  manyAccounts(count).flatMap((account) => [joined(account), banned(account)]);

test('room: given as many bans as it can hold, when one more is banned, then that is too many', story, {
  given: [...open, ...outcasts(limits.bansPerRoom)],
  when: asked.ban(ann, ben),
  expect: { refused: 'TOO_MANY_BANS' },
});

test('room: given as many bans as it can hold, when one is lifted, then there is place for another', story, {
  given: [...open, ...outcasts(limits.bansPerRoom), unbanned(manyAccounts(1)[0] ?? dan)],
  when: asked.ban(ann, ben),
  expect: [banned(ben)],
});

test(
  'room: given as many bans as it can hold, when one of them is banned again, then nothing is left to do',
  story,
  {
    given: [...open, ...outcasts(limits.bansPerRoom)],
    when: asked.ban(ann, manyAccounts(1)[0] ?? dan),
    expect: 'nothing',
  },
);

test('room: given a private room, when a stranger joins, then they are not invited', story, {
  given: [createdPrivate],
  when: asked.join(dan),
  expect: { refused: 'NOT_INVITED' },
});

test('room: given a private room, when an invited person joins, then they are in it', story, {
  given: [createdPrivate, invited(dan)],
  when: asked.join(dan),
  expect: [joined(dan)],
});

test(
  'room: given an invitation that was followed, when they have left and join, then they need another',
  story,
  {
    given: [createdPrivate, invited(dan), joined(dan), left(dan)],
    when: asked.join(dan),
    expect: { refused: 'NOT_INVITED' },
  },
);

test('room: given a private room that is full, when an invited person joins, then it is full', story, {
  given: [createdPrivate, ...manyAccounts(limits.membersPerRoom - 1).map(joined), invited(dan)],
  when: asked.join(dan),
  expect: { refused: 'ROOM_FULL' },
});

test('room: given a public room, when somebody is invited, then that is told all the same', story, {
  given: [created],
  when: asked.invite(ann, dan),
  expect: [invited(dan)],
});

test('room: given an invited person, when they are invited again, then nothing is left to do', story, {
  given: [createdPrivate, invited(dan)],
  when: asked.invite(ann, dan),
  expect: 'nothing',
});

test('room: given a member, when they are invited, then they are in it', story, {
  given: open,
  when: asked.invite(ann, ben),
  expect: { refused: 'USER_IS_MEMBER' },
});

test('room: given an admin, when they invite themself, then they are in it', story, {
  given: open,
  when: asked.invite(ann, ann),
  expect: { refused: 'USER_IS_MEMBER' },
});

test('room: given a banned person, when they are invited, then the ban comes first', story, {
  given: [...open, banned(ben)],
  when: asked.invite(ann, ben),
  expect: { refused: 'USER_IS_BANNED' },
});

test('room: given a name that nobody has, when it is invited, then nobody has it', story, {
  given: open,
  when: asked.invite(ann, null),
  expect: { refused: 'USERNAME_NOT_FOUND' },
});

const guests = manyAccounts(limits.invitationsPerRoom).map(invited);

test(
  'room: given as many invitations as it can hold, when one more is invited, then that is too many',
  story,
  {
    given: [createdPrivate, ...guests],
    when: asked.invite(ann, dan),
    expect: { refused: 'TOO_MANY_INVITATIONS' },
  },
);

test(
  'room: given as many invitations as it can hold, when one is followed, then there is place for another',
  story,
  {
    given: [createdPrivate, ...guests, joined(manyAccounts(1)[0] ?? dan)],
    when: asked.invite(ann, dan),
    expect: [invited(dan)],
  },
);
