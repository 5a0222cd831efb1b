import test from 'ava';
import { ann, ben, cat, dan } from '../people.js';
import { asked, DEADLINE, deserted, happened, open, story } from './decider.js';

const { attended, banned, created, demoted, joined, left, named, promoted, removed, succeeded, unattended } =
  happened;
const { demote, greet, leave, miss, name, promote, tick } = asked;

test('room: given an admin, when they are promoted, then they are one', story, {
  given: open,
  when: promote(ann, ann),
  expect: { refused: 'ALREADY_ADMIN' },
});

test('room: given a member, when they are demoted, then they are no admin', story, {
  given: open,
  when: demote(ann, ben),
  expect: { refused: 'USER_NOT_ADMIN' },
});

test('room: given an admin, when they are named to lead next, then they lead already', story, {
  given: [...open, promoted(ben)],
  when: name(ann, ben),
  expect: { refused: 'ALREADY_ADMIN' },
});

for (const ask of [promote, demote, name]) {
  const { type } = ask(ann, dan);
  for (const [whom, target] of [
    ['a stranger', dan],
    ['a name that nobody has', null],
  ] as const) {
    test(`room: given ${whom}, when ${type} comes for them, then they are no member`, story, {
      given: open,
      when: ask(ann, target),
      expect: { refused: 'USER_NOT_A_MEMBER' },
    });
  }
}

test('room: given two admins, when one steps down, then nobody is promoted', story, {
  given: [...open, promoted(ben)],
  when: demote(ann, ann),
  expect: [demoted(ann)],
});

test('room: given two admins, when one demotes the other, then nobody is promoted', story, {
  given: [...open, promoted(ben)],
  when: demote(ben, ann),
  expect: [demoted(ann)],
});

test(
  'room: given the only admin, when they step down, then the longest-standing of the others leads',
  story,
  {
    given: open,
    when: demote(ann, ann),
    expect: [demoted(ann), succeeded(ben, ann, 'steppedDown')],
  },
);

test(
  'room: given a later member who leads alone, when they step down, then the longest-standing member leads',
  story,
  {
    given: [...open, promoted(cat), demoted(ann)],
    when: demote(cat, cat),
    expect: [demoted(cat), succeeded(ann, cat, 'steppedDown')],
  },
);

test('room: given a named successor, when the only admin steps down, then they lead', story, {
  given: [...open, named(cat)],
  when: demote(ann, ann),
  expect: [demoted(ann), succeeded(cat, ann, 'steppedDown')],
});

test('room: given an admin alone, when they step down, then they are the last', story, {
  given: [created],
  when: demote(ann, ann),
  expect: { refused: 'LAST_MEMBER' },
});

test(
  'room: given a named successor, when the last admin leaves, then they lead, not the longest-standing',
  story,
  {
    given: [...open, named(cat)],
    when: leave(ann),
    expect: [left(ann), succeeded(cat, ann, 'left')],
  },
);

test('room: given a named successor and two admins, when one leaves, then nobody is promoted', story, {
  given: [...open, named(cat), promoted(ben)],
  when: leave(ann),
  expect: [left(ann)],
});

for (const [what, ...gone] of [
  ['left', left(cat)],
  ['been removed', removed(cat)],
  ['been banned', banned(cat)],
  ['left and come back', left(cat), joined(cat)],
  ['led meanwhile', promoted(cat), demoted(cat)],
] as const) {
  test(
    `room: given a named successor who has ${what}, when the last admin leaves, then the longest-standing leads`,
    story,
    {
      given: [...open, named(cat), ...gone],
      when: leave(ann),
      expect: [left(ann), succeeded(ben, ann, 'left')],
    },
  );
}

test('room: given a named successor, when another is named, then the last word counts', story, {
  given: [...open, named(cat), named(ben), named(cat)],
  when: leave(ann),
  expect: [left(ann), succeeded(cat, ann, 'left')],
});

test('room: given a named successor, when they are named again, then nothing is left to do', story, {
  given: [...open, named(cat)],
  when: name(ann, cat),
  expect: 'nothing',
});

test('room: given no admin is there, when that is found again, then nothing is left to do', story, {
  given: deserted,
  when: miss(DEADLINE + 1),
  expect: 'nothing',
});

test(
  'room: given two admins who are away, when that is found, then it is told of the one who leads longest',
  story,
  {
    given: [...open, promoted(cat), promoted(ben)],
    when: miss(null),
    expect: [unattended(ann, null)],
  },
);

test('room: given no admin is there, when a member or a stranger comes, then nothing changes', story, {
  given: deserted,
  when: greet(ben),
  expect: 'nothing',
});

test('room: given no admin is there, when any of the admins comes, then the room is attended', story, {
  given: [...open, promoted(cat), unattended(ann, DEADLINE)],
  when: greet(cat),
  expect: [attended(cat)],
});

test('room: given no admin is there, when the deadline has not come, then all wait', story, {
  given: deserted,
  when: tick(DEADLINE - 1, ben, cat),
  expect: 'nothing',
});

test(
  'room: given the deadline has come, when the longest-standing is not online, then the next who is leads too',
  story,
  {
    given: deserted,
    when: tick(DEADLINE, cat, dan),
    expect: [succeeded(cat, ann, 'absent'), attended(cat)],
  },
);

test('room: given the deadline has come, when both are online, then the longest-standing leads too', story, {
  given: deserted,
  when: tick(DEADLINE + 1, cat, ben),
  expect: [succeeded(ben, ann, 'absent'), attended(ben)],
});

test('room: given the deadline has come, when nobody of the room is online, then all wait', story, {
  given: deserted,
  when: tick(DEADLINE, dan),
  expect: 'nothing',
});

test('room: given there is no deadline, when time passes, then all wait for ever', story, {
  given: [...open, unattended(ann, null)],
  when: tick(Number.MAX_SAFE_INTEGER, ben),
  expect: 'nothing',
});

for (const now of [0, DEADLINE]) {
  test(
    `room: given an admin is back unheard, when the tracker looks at ${now}, then the room is attended and nobody is promoted`,
    story,
    {
      given: deserted,
      when: tick(now, ben, ann),
      expect: [attended(ann)],
    },
  );
}

test('room: given a stand-in, when the admin who was away leaves, then nobody is promoted', story, {
  given: [...deserted, succeeded(ben, ann, 'absent'), attended(ben)],
  when: leave(ann),
  expect: [left(ann)],
});

test(
  'room: given a stand-in who was named to lead next, when both leave, then the next in join order leads',
  story,
  {
    given: [
      ...open,
      named(ben),
      unattended(ann, DEADLINE),
      succeeded(ben, ann, 'absent'),
      attended(ben),
      left(ann),
    ],
    when: leave(ben),
    expect: [left(ben), succeeded(cat, ben, 'left')],
  },
);

test('room: given a room that was unattended, when it is again, then the deadline is the new one', story, {
  given: [...deserted, attended(ann), unattended(ann, 2 * DEADLINE)],
  when: tick(DEADLINE, ben),
  expect: 'nothing',
});

test(
  'room: given no admin is there, when the last of them leaves, then somebody leads, though nobody may be there',
  story,
  {
    given: deserted,
    when: leave(ann),
    expect: [left(ann), succeeded(ben, ann, 'left')],
  },
);

test('room: given no admin is there, when the last member leaves, then it closes', story, {
  given: [created, unattended(ann, DEADLINE)],
  when: leave(ann),
  expect: [left(ann), happened.closed(ann)],
});
