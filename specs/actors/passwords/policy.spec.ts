import test from 'ava';
import { normalisePassword, refusePassword } from '../../../actors/passwords/policy.js';

const refused = test.macro((t, password: string, reason: RegExp) => {
  const refusal = refusePassword(password, 'Annabella');
  t.regex(refusal ?? '', reason);
});
const accepted = test.macro((t, password: string) => t.is(refusePassword(password, 'Annabella'), null));

test(
  'passwords: 7 characters are too few, and the refusal says how many are needed',
  refused,
  'k7#pQz1',
  /at least 8 characters/,
);
test('passwords: an empty one is too short', refused, '', /too short/);
test('passwords: 8 characters are enough', accepted, 'k7#pQz1x');
test('passwords: 72 bytes are not too many', accepted, 'k7#pQz1x'.repeat(9));
test(
  'passwords: 73 bytes are too many, and the refusal says how many are allowed',
  refused,
  `${'k7#pQz1x'.repeat(9)}!`,
  /has 73 bytes; use at most 72/,
);
test('passwords: the upper limit counts bytes, not letters', refused, 'ü'.repeat(37), /has 74 bytes/);
test('passwords: the lower limit counts characters, not bytes', refused, '🦆🐙', /at least 8 characters/);
test('passwords: lengths are measured after composing', accepted, 'u\u0308'.repeat(36));
test('passwords: control characters are refused', refused, 'k7#pQz1x\u0000', /control characters/);
test('passwords: tabs are control characters too', refused, 'k7#p\tQz1x', /control characters/);
test('passwords: the username is refused, in any case', refused, 'ANNABELLA', /is the username/);
test('passwords: common ones are refused', refused, 'password1', /one of the most common/);
test('passwords: common ones are refused in any case', refused, 'PassWord1', /one of the most common/);
test('passwords: a phrase is accepted', accepted, 'correct-horse-battery');
test('passwords: spaces are welcome', accepted, 'correct horse battery');

test('passwords: a letter is the same however a keyboard composes it', (t) => {
  t.is(normalisePassword('grün'), normalisePassword('gru\u0308n'));
});
