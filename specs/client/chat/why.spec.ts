import test from 'ava';
import { createWhy } from '../../../client/chat/why.js';

const expulsions = [
  ['NOT_ENROLLED', 'DeviceRevoked', /Log in with \/login/],
  ['ACCOUNT_DISABLED', 'AccountDisabled', /Ask the operator/],
] as const;

for (const [phrase, event, remedy] of expulsions) {
  test(`why: given a terminal that was put out by ${phrase}, then it says ${event}, the reason as safe text, and what to do`, (t) => {
    const why = createWhy({ now: () => 0 });
    why.expelled({ phrase, reason: 'Out\u001b[2J of here.' });
    const { message, data } = why.explain();
    t.like(data, { event, by: null, at: '1970-01-01T00:00:00.000Z' });
    t.regex(message, remedy);
    t.regex(message, /^\w+, at \d\d:\d\d: Out/);
    t.notRegex(message, /\p{Cc}/u);
  });
}
