import test from 'ava';
import { InvariantError } from '../../../core/errors.js';
import { type Family, isSuccess, statusOf, statusTable } from '../../../core/protocol/status.js';

/** The phrases that the specification fixes, letter for letter. */
const FIXED = {
  100: 'REGISTRATION_SUCCESSFUL LOGIN_SUCCESSFUL USERNAME_CHANGED',
  101: 'LOGIN_FAILED USERNAME_TAKEN INVALID_COMMAND TOO_MANY_ATTEMPTS',
  200: 'CREATION_S JOIN_S ROOM_LISTED_S QUIT_S MEMBER_REMOVED_S',
  201:
    'CREATION_FAILURE JOIN_FAILURE NO_AVAILABLE_CHAT_ROOM INVALID_COMMAND NOT_INVITED ALREADY_MEMBER BANNED ' +
    'NOT_A_MEMBER NOT_ADMIN IS_ADMIN USER_NOT_A_MEMBER ALREADY_ADMIN',
  300: 'PRIVATE_SESSION_INITIATED',
  301: 'USERNAME_NOT_FOUND USERNAME_OFFLINE INVALID_COMMAND',
  400: 'MESSAGE_SENT',
  401: 'INVALID_FORMAT INVALID_COMMAND',
  501: 'BUSY UNAVAILABLE UNSUPPORTED_VERSION INTERNAL',
};

for (const [code, phrases] of Object.entries(FIXED)) {
  test(`status: ${code} has the phrases that the specification gives it`, (t) => {
    const present = statusTable.filter((row) => row.code === Number(code)).map((row) => row.phrase);
    const rows = new Set<string>(present);
    for (const phrase of phrases.split(' ')) t.true(rows.has(phrase), phrase);
  });
}

test('status: every code belongs to a family, and even codes are successes', (t) => {
  for (const { code, phrase } of statusTable) {
    t.true([100, 101, 200, 201, 300, 301, 400, 401, 500, 501].includes(code), phrase);
    t.is(isSuccess(code), code % 2 === 0, phrase);
  }
});

test('status: no phrase appears twice under one code, and none is a success in one family and a failure in another', (t) => {
  const rows = statusTable.map(({ code, phrase }) => `${code} ${phrase}`);
  t.is(new Set(rows).size, rows.length);
  const outcomes = new Set(statusTable.map(({ code, phrase }) => `${isSuccess(code)} ${phrase}`));
  t.is(outcomes.size, new Set(statusTable.map(({ phrase }) => phrase)).size);
});

test('status: a phrase is upper case, and its meaning and remedy are sentences', (t) => {
  for (const { phrase, meaning, remedy } of statusTable) {
    t.regex(phrase, /^[A-Z]+(_[A-Z]+)*$/);
    t.regex(meaning, /^[A-Z].*\.$/, phrase);
    t.regex(remedy, /^$|^[A-Z].*\.$/, phrase);
  }
});

test('status: every failure has a remedy, and a success has no remedy and no retry', (t) => {
  for (const { code, phrase, remedy, isRetryable } of statusTable) {
    t.is(remedy !== '', !isSuccess(code), phrase);
    if (isSuccess(code)) t.false(isRetryable, phrase);
  }
});

test("status: given a phrase of several families, then the request's own family decides the code", (t) => {
  const families: readonly Family[] = [1, 2, 3, 4, 5];
  for (const family of families) t.is(statusOf(family, 'INVALID_COMMAND').code, family * 100 + 1);
});

test('status: given a phrase that only the service has, then every family answers with the service’s code', (t) => {
  const families: readonly Family[] = [1, 2, 3, 4, 5];
  for (const family of families) t.is(statusOf(family, 'BUSY').code, 501);
});

test('status: given a phrase of another family, then it is a program defect', (t) => {
  const family: Family = 2;
  t.throws(() => statusOf<Family>(family, 'USERNAME_OFFLINE'), { instanceOf: InvariantError });
});
