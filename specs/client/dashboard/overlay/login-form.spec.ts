import test from 'ava';
import { LoginForm, type LoginFormKind } from '../../../../client/dashboard/overlay/login-form.js';
import { themes } from '../../../../screen/paint/theme.js';
import { type Outcome, refusal, success } from '../../../../client/chat/outcome.js';
import type { LoggedIn } from '../../../../client/chat/results.js';
import { until } from '../../../support/until.js';

type Attempt = readonly [kind: LoginFormKind, username: string, password: string];

/** A form whose submissions get these answers, one after the other. */
function openForm(...answers: readonly Outcome<LoggedIn>[]) {
  const attempts: Attempt[] = [];
  let changes = 0;
  const form = new LoginForm({
    theme: themes.dark,
    kind: 'register',
    username: '',
    message: '',
    onChange: () => {
      changes += 1;
    },
    submit: async (...one) => {
      const answer = answers[attempts.push(one) - 1];
      if (answer === undefined) throw new Error('unexpected submission');
      return answer;
    },
  });
  const text = (): string =>
    form
      .view(60)
      .rows.map((row) => row.map((glyph) => glyph.text).join(''))
      .join('\n');
  const submitted = async (password: string): Promise<void> => {
    const before = changes;
    form.type(password);
    form.act('enter');
    await until(() => changes > before, 'the answer');
  };
  return { form, attempts, text, submitted, line: () => form.view(60).cursor?.y };
}

test('login form: given an invalid name, then the problem is shown before the password field, until the next key', (t) => {
  const { form, attempts, text, line } = openForm();
  form.type('al ice');
  form.act('enter');
  t.regex(text(), /!! A username must start with a letter/);
  t.is(line(), 0);
  form.act('complete');
  form.type('correct-horse');
  form.act('enter');
  t.is(line(), 0, 'the cursor is in the name field');
  form.act('erase-to-start');
  form.type('alice');
  t.notRegex(text(), /!!/);
  t.deepEqual(attempts, []);
});

test('login form: given a taken name, then another name can be tried with the same password', async (t) => {
  const { form, attempts, text, submitted, line } = openForm(
    refusal(1, 'USERNAME_TAKEN'),
    success(1, 'REGISTRATION_SUCCESSFUL', { username: 'alice' }),
  );
  form.type('alice');
  form.act('enter');
  await submitted('correct-horse');
  t.regex(text(), /!! This username is taken/);
  t.is(line(), 0);
  form.type('2');
  form.act('enter');
  await submitted('');
  t.deepEqual(attempts, [
    ['register', 'alice', 'correct-horse'],
    ['register', 'alice2', 'correct-horse'],
  ]);
});

for (const phrase of ['PASSWORD_REFUSED', 'LOGIN_FAILED'] as const) {
  test(`login form: given ${phrase}, then the password stays in its field and can be changed`, async (t) => {
    const { form, attempts, text, submitted, line } = openForm(refusal(1, phrase), refusal(1, phrase));
    form.type('alice');
    form.act('enter');
    await submitted('correct-horse');
    t.is(line(), 1);
    t.regex(text(), /!! /);
    t.is(text().split('•').length - 1, 'correct-horse'.length);
    form.type('-battery');
    form.act('enter');
    t.deepEqual(attempts.at(-1), ['register', 'alice', 'correct-horse-battery']);
  });
}

test('login form: given a tracker that does not answer, then the fields keep their text', async (t) => {
  const { form, text, submitted } = openForm(refusal(1, 'UNAVAILABLE'));
  form.type('alice');
  form.act('enter');
  await submitted('correct-horse');
  t.is(text().split('•').length - 1, 'correct-horse'.length);
});

const STRENGTHS: readonly (readonly [password: string, shows: RegExp])[] = [
  ['', /at least 8 characters/],
  ['öäüß', /too short: 4 more/],
  ['öäüßöäüß', /fair|good|strong/],
  ['ö'.repeat(37), /at most 72 bytes/],
];
for (const [password, shows] of STRENGTHS) {
  test(`login form: a new password of ${password.length} letters is rated as the tracker will judge it`, (t) => {
    const { form, text } = openForm();
    form.type('alice');
    form.act('enter');
    form.type(password);
    t.regex(text(), shows);
  });
}

test('login form: arrows and Tab change the field, and the log-in key changes the form', (t) => {
  const { form, line } = openForm();
  for (const action of ['down', 'up', 'complete'] as const) {
    const before = line();
    form.act(action);
    t.not(line(), before);
  }
  t.is(form.view(60).title, 'Create an account');
  form.act('log-in');
  t.is(form.view(60).title, 'Log in');
});
