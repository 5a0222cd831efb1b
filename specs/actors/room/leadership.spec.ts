import test from 'ava';
import { ann, ben, cat, dan } from '../people.js';
import { asked, DEADLINE, deserted, happened, open, story } from './decider.js';

const { attended, banned, created, demoted, joined, left, named, promoted, removed, succeeded, unattended } =
  happened;
const { demote, greet, leave, miss, name, promote, retitle, tick } = asked;

test('room: given an admin, when they are promoted, then nothing happens', story, {
  given: open,
  when: promote(ann, ann),
  expect: 'nothing',
});

test('room: given a topic, when an admin sets the same topic, then nothing happens', story, {
  given: open,
  when: retitle(ann, true),
  expect: 'nothing',
});

test('room: given a topic, when a member sets the same topic, then the refusal is NOT_ADMIN', story, {
  given: open,
  when: retitle(ben, true),
  expect: { refused: 'NOT_ADMIN' },
});

test(
  'room: given a member who is not an admin, when they are demoted, then the refusal is USER_NOT_ADMIN',
  story,
  {
    given: open,
    when: demote(ann, ben),
    expect: { refused: 'USER_NOT_ADMIN' },
  },
);

test('room: given an admin, when they are named as successor, then the refusal is ALREADY_ADMIN', story, {
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
    test(`room: given ${whom}, when ${type} targets them, then the refusal is USER_NOT_A_MEMBER`, story, {
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
  'room: given the only admin, when they step down, then the longest-standing other member becomes admin',
  story,
  {
    given: open,
    when: demote(ann, ann),
    expect: [demoted(ann), succeeded(ben, ann, 'steppedDown')],
  },
);

test(
  'room: given a later member as the only admin, when they step down, then the longest-standing member becomes admin',
  story,
  {
    given: [...open, promoted(cat), demoted(ann)],
    when: demote(cat, cat),
    expect: [demoted(cat), succeeded(ann, cat, 'steppedDown')],
  },
);

test(
  'room: given a named successor, when the only admin steps down, then the successor becomes admin',
  story,
  {
    given: [...open, named(cat)],
    when: demote(ann, ann),
    expect: [demoted(ann), succeeded(cat, ann, 'steppedDown')],
  },
);

test(
  'room: given an admin without other members, when they step down, then the refusal is LAST_MEMBER',
  story,
  {
    given: [created],
    when: demote(ann, ann),
    expect: { refused: 'LAST_MEMBER' },
  },
);

test(
  'room: given a named successor, when the last admin leaves, then the successor becomes admin instead of the longest-standing member',
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
  ['become admin and been demoted', promoted(cat), demoted(cat)],
] as const) {
  test(
    `room: given a named successor who has ${what}, when the last admin leaves, then the longest-standing member becomes admin`,
    story,
    {
      given: [...open, named(cat), ...gone],
      when: leave(ann),
      expect: [left(ann), succeeded(ben, ann, 'left')],
    },
  );
}

test('room: given a named successor, when another is named, then the one named last becomes admin', story, {
  given: [...open, named(cat), named(ben), named(cat)],
  when: leave(ann),
  expect: [left(ann), succeeded(cat, ann, 'left')],
});

test('room: given a named successor, when they are named again, then nothing changes', story, {
  given: [...open, named(cat)],
  when: name(ann, cat),
  expect: 'nothing',
});

test(
  'room: given an unattended room, when the absence of its admins is reported again, then nothing changes',
  story,
  {
    given: deserted,
    when: miss(DEADLINE + 1),
    expect: 'nothing',
  },
);

test(
  'room: given two absent admins, when their absence is reported, then the event names the longest-serving one',
  story,
  {
    given: [...open, promoted(cat), promoted(ben)],
    when: miss(null),
    expect: [unattended(ann, null)],
  },
);

test(
  'room: given an unattended room, when a member who is not an admin comes online, then nothing changes',
  story,
  {
    given: deserted,
    when: greet(ben),
    expect: 'nothing',
  },
);

test(
  'room: given an unattended room, when any of its admins comes online, then the room is attended',
  story,
  {
    given: [...open, promoted(cat), unattended(ann, DEADLINE)],
    when: greet(cat),
    expect: [attended(cat)],
  },
);

test('room: given an unattended room, when the deadline has not passed, then nothing changes', story, {
  given: deserted,
  when: tick(DEADLINE - 1, ben, cat),
  expect: 'nothing',
});

test(
  'room: given a passed deadline, when the longest-standing member is offline, then the next one online becomes admin',
  story,
  {
    given: deserted,
    when: tick(DEADLINE, cat, dan),
    expect: [succeeded(cat, ann, 'absent'), attended(cat)],
  },
);

test(
  'room: given a passed deadline, when both members are online, then the longest-standing one becomes admin',
  story,
  {
    given: deserted,
    when: tick(DEADLINE + 1, cat, ben),
    expect: [succeeded(ben, ann, 'absent'), attended(ben)],
  },
);

test('room: given a passed deadline, when no member is online, then nothing changes', story, {
  given: deserted,
  when: tick(DEADLINE, dan),
  expect: 'nothing',
});

test('room: given an unattended room without a deadline, when time passes, then nothing changes', story, {
  given: [...open, unattended(ann, null)],
  when: tick(Number.MAX_SAFE_INTEGER, ben),
  expect: 'nothing',
});

for (const now of [0, DEADLINE]) {
  test(
    `room: given an online admin whose return was not reported, when the room is checked at ${now}, then it is attended and nobody is promoted`,
    story,
    {
      given: deserted,
      when: tick(now, ben, ann),
      expect: [attended(ann)],
    },
  );
}

test('room: given a stand-in, when the absent admin leaves, then nobody is promoted', story, {
  given: [...deserted, succeeded(ben, ann, 'absent'), attended(ben)],
  when: leave(ann),
  expect: [left(ann)],
});

test(
  'room: given a stand-in who was the named successor, when both admins leave, then the next member in join order becomes admin',
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

test(
  'room: given an attended room, when it becomes unattended again, then only the new deadline counts',
  story,
  {
    given: [...deserted, attended(ann), unattended(ann, 2 * DEADLINE)],
    when: tick(DEADLINE, ben),
    expect: 'nothing',
  },
);

test(
  'room: given an unattended room, when its last admin leaves, then the longest-standing member becomes admin even if offline',
  story,
  {
    given: deserted,
    when: leave(ann),
    expect: [left(ann), succeeded(ben, ann, 'left')],
  },
);

test('room: given an unattended room, when its last member leaves, then it closes', story, {
  given: [created, unattended(ann, DEADLINE)],
  when: leave(ann),
  expect: [left(ann), happened.closed(ann)],
});
