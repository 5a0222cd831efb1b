import test from 'ava';
import * as fc from 'fast-check';
import { deviceNameOf, foldName, roomNameSchema, usernameSchema } from '../../../core/protocol/names.js';

const isUsername = (value: unknown): boolean => usernameSchema.safeParse(value).success;
const isRoomName = (value: unknown): boolean => roomNameSchema.safeParse(value).success;
const sentence = (value: unknown): string | undefined =>
  usernameSchema.safeParse(value).error?.issues[0]?.message;

test('names: a username has 3 to 24 letters, digits, "_" and "-" and starts with a letter', (t) => {
  for (const name of ['bob', 'B0b', 'a-_', 'x'.repeat(24)]) t.true(isUsername(name), name);
  for (const name of [
    '',
    'ab',
    'x'.repeat(25),
    '1ab',
    '_ab',
    '-ab',
    'a b',
    'ab.',
    'abc\n',
    'zoë',
    'аbc',
    'bob\u200b',
  ]) {
    t.false(isUsername(name), JSON.stringify(name));
  }
});

test('names: a room name has 1 to 32 of the same characters', (t) => {
  for (const name of ['a', '1', '-', 'lobby', 'x'.repeat(32)]) t.true(isRoomName(name), name);
  for (const name of ['', 'x'.repeat(33), '#lobby', 'the lobby', 'lobby\n', 'café', '*', '>', 'a.b']) {
    t.false(isRoomName(name), JSON.stringify(name));
  }
});

test('names: a refusal is explained in a sentence', (t) => {
  for (const value of ['', 'ab', 'x'.repeat(99), '9to5', 7, null, undefined, {}, 'x'.repeat(1_000_000)]) {
    t.regex(sentence(value) ?? '', /^A username .*\.$/);
  }
});

test('names: two spellings that differ only in case are one name; all others are different names', (t) => {
  const names = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{2,23}$/);
  fc.assert(
    fc.property(names, names, (one, other) => {
      t.is(foldName(one), foldName(one.toUpperCase()));
      t.is(foldName(foldName(one)), foldName(one));
      t.is(foldName(one) === foldName(other), one.toLowerCase() === other.toLowerCase());
    }),
  );
});

test('names: a device name is one line of at most 32 characters, and is never empty', (t) => {
  t.is(deviceNameOf(" Ann's laptop\n\u202edefault "), "Ann's laptop default");
  t.is(deviceNameOf('\u001b[2J'), '[2J');
  t.is(deviceNameOf('😀'.repeat(40)), '😀'.repeat(32));
  for (const nothing of ['', ' \n ', '\u200b\u0000']) t.is(deviceNameOf(nothing), 'terminal');
});
