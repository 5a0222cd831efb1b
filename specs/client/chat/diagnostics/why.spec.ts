import test from 'ava';
import { refusal } from '../../../../client/chat/outcome.js';
import { createWhy } from '../../../../client/chat/diagnostics/why.js';
import { type AccountId, accountIdSchema, systemIds } from '../../../../core/ids.js';

const expulsions = [
  ['NOT_ENROLLED', 'DeviceRevoked', /Log in with \/login/],
  ['ACCOUNT_DISABLED', 'AccountDisabled', /Ask the operator/],
] as const;

test('why: given a refusal of one user, then it is not shown to the next user who logs in', (t) => {
  const [ann, ben] = [accountIdSchema.parse(systemIds.next()), accountIdSchema.parse(systemIds.next())];
  let me: AccountId | null = ann;
  const why = createWhy({ now: () => 0 }, () => me);
  why.noteOutcome(refusal(2, 'NOT_ADMIN'));
  for (const [who, event] of [
    [ann, 'NOT_ADMIN'],
    [null, 'NOT_ADMIN'],
    [ben, null],
  ] as const) {
    me = who;
    t.like(why.explain().data, { event });
  }
});

test('why: given a refusal whose sentence contains the remedy, then the remedy is shown once', (t) => {
  const why = createWhy({ now: () => 0 }, () => null);
  why.noteOutcome(refusal(2, 'NO_AVAILABLE_CHAT_ROOM'));
  t.is(why.explain().message.match(/Create a room/g)?.length, 1);
});

for (const [phrase, event, remedy] of expulsions) {
  test(`why: given a terminal logged out by ${phrase}, then it shows ${event}, the sanitised reason and the remedy`, (t) => {
    const why = createWhy({ now: () => 0 }, () => null);
    why.expelled({ phrase, reason: 'Out\u001b[2J of here.' });
    const { message, data } = why.explain();
    t.like(data, { event, by: null, at: 0 });
    t.regex(message, remedy);
    t.regex(message, /^\w+, at \d\d:\d\d: Out/);
    t.notRegex(message, /\p{Cc}/u);
  });
}
