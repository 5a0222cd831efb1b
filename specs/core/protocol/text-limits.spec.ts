import test from 'ava';
import { roomOperationSchema } from '../../../core/protocol/operations.js';
import {
  firstCharacters,
  passwordLengthFault,
  textFault,
  textLimits,
} from '../../../core/protocol/text-limits.js';

type Kind = keyof typeof textLimits;

const TEXTS: readonly (readonly [kind: Kind, name: string, text: string, fault: RegExp | null])[] = [
  ['message', 'an empty text', '', /^The message shows nothing: it has no visible character\.$/],
  ['message', 'a zero-width joiner', '\u200d', /shows nothing/],
  ['message', '8,192 letters', 'x'.repeat(8_192), null],
  ['message', '8,193 letters', 'x'.repeat(8_193), /^The message is longer than 8,192 bytes\.$/],
  ['message', '4,097 letters of two bytes', 'é'.repeat(4_097), /longer than 8,192 bytes/],
  ['topic', 'an empty text, which clears it', '', null],
  ['topic', 'the empty Braille pattern', '\u2800', /^The topic shows nothing/],
  ['topic', '200 letters', 'x'.repeat(200), null],
  ['topic', '201 letters', 'x'.repeat(201), /^The topic is longer than 200 characters or 800 bytes\.$/],
  ['topic', '101 emoji', '😀'.repeat(101), null],
  ['topic', '200 emoji', '😀'.repeat(200), null],
  ['topic', '201 emoji', '😀'.repeat(201), /longer than 200 characters/],
  ['topic', '100 letters with two marks each', 'e\u0301\u0323'.repeat(100), null],
  ['topic', 'one letter with 400 marks', `e${'\u0301'.repeat(400)}`, /or 800 bytes/],
  ['reason', 'no reason', '', null],
  ['reason', 'a combining accent', '\u0301', /^The reason shows nothing/],
  ['reason', '201 letters', 'x'.repeat(201), /^The reason is longer than 200 characters/],
];
for (const [kind, name, text, fault] of TEXTS) {
  test(`text limits: a ${kind} of ${name} is ${fault === null ? 'accepted' : 'refused'}`, (t) => {
    const found = textFault(kind, text);
    if (fault === null) t.is(found, null);
    else t.regex(found ?? '', fault);
  });
}

test('text limits: the tracker applies the same limits to topics and reasons', (t) => {
  for (const [kind, name, text, fault] of TEXTS) {
    if (kind === 'message') continue;
    const request =
      kind === 'topic'
        ? { operation: 'TOPIC', name: 'lobby', topic: text }
        : { operation: 'BAN', name: 'lobby', username: 'bob', reason: text };
    t.is(roomOperationSchema.safeParse(request).success, fault === null, name);
  }
});

const PASSWORDS: readonly (readonly [name: string, password: string, fault: RegExp | null])[] = [
  ['7 letters', 'k7#pQz1', /^The password is too short: it needs at least 8 characters\.$/],
  ['8 letters', 'k7#pQz1x', null],
  ['4 letters of two bytes', 'öäüß', /at least 8 characters/],
  ['8 letters of two bytes', 'öäüßöäüß', null],
  ['72 bytes', 'ö'.repeat(36), null],
  ['74 bytes', 'ö'.repeat(37), /^The password has 74 bytes; use at most 72/],
];
for (const [name, password, fault] of PASSWORDS) {
  test(`text limits: a new password of ${name} is ${fault === null ? 'accepted' : 'refused'}`, (t) => {
    const found = passwordLengthFault(password);
    if (fault === null) t.is(found, null);
    else t.regex(found ?? '', fault);
  });
}

test('text limits: a name is cut between characters, never within one', (t) => {
  t.is(firstCharacters('👩‍👩‍👧‍👦'.repeat(3), 2), '👩‍👩‍👧‍👦'.repeat(2));
  t.is(firstCharacters('e\u0301e\u0301', 1), 'e\u0301');
  t.is(firstCharacters('abc', 5), 'abc');
});
