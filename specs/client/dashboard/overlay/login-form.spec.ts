import test from 'ava';
import { LoginForm, type LoginFormKind } from '../../../../client/dashboard/overlay/login-form.js';
import { themes } from '../../../../client/dashboard/paint/theme.js';
import type { Outcome } from '../../../../client/chat/events.js';
import { outcome } from '../../../../client/chat/outcome.js';
import { until } from '../../../support/until.js';

type Tried = readonly [kind: LoginFormKind, username: string, password: string];

/** A form that is answered as `answers` say, in turn. */
function openForm(...answers: readonly Outcome[]) {
  const tried: Tried[] = [];
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
      const answer = answers[tried.push(one) - 1];
      if (answer === undefined) throw new Error('not expected');
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
  return { form, tried, text, submitted, line: () => form.view(60).cursor?.y };
}

test('entrance: given what is no name, then it is said before a password is asked for, and gone with the next key', (t) => {
  const { form, tried, text, line } = openForm();
  form.type('al ice');
  form.act('enter');
  t.regex(text(), /!! A username starts with a letter/);
  t.is(line(), 0);
  form.act('complete');
  form.type('correct-horse');
  form.act('enter');
  t.is(line(), 0, 'back at the name');
  form.act('erase-to-start');
  form.type('alice');
  t.notRegex(text(), /!!/);
  t.deepEqual(tried, []);
});

test('entrance: given a name that somebody has, then another can be given without the password again', async (t) => {
  const { form, tried, text, submitted, line } = openForm(
    outcome(1, 'USERNAME_TAKEN'),
    outcome(1, 'REGISTRATION_SUCCESSFUL'),
  );
  form.type('alice');
  form.act('enter');
  await submitted('correct-horse');
  t.regex(text(), /!! Somebody has this username/);
  t.is(line(), 0);
  form.type('2');
  form.act('enter');
  await submitted('');
  t.deepEqual(tried, [
    ['register', 'alice', 'correct-horse'],
    ['register', 'alice2', 'correct-horse'],
  ]);
});

for (const phrase of ['PASSWORD_REFUSED', 'LOGIN_FAILED'] as const) {
  test(`entrance: given ${phrase}, then another password is asked for, and none is shown`, async (t) => {
    const { form, text, submitted, line } = openForm(outcome(1, phrase));
    form.type('alice');
    form.act('enter');
    await submitted('correct-horse');
    t.is(line(), 1);
    t.regex(text(), /!! /);
    t.notRegex(text(), /•|correct/);
  });
}

test('entrance: given a tracker that does not answer now, then what was typed stays', async (t) => {
  const { form, text, submitted } = openForm(outcome(1, 'UNAVAILABLE'));
  form.type('alice');
  form.act('enter');
  await submitted('correct-horse');
  t.is(text().split('•').length - 1, 'correct-horse'.length);
});

test('entrance: arrows and Tab go from field to field, and the key that opened it makes it the other form', (t) => {
  const { form, line } = openForm();
  for (const action of ['down', 'up', 'complete'] as const) {
    const before = line();
    form.act(action);
    t.not(line(), before);
  }
  t.is(form.view(60).title, 'Make an account');
  form.act('log-in');
  t.is(form.view(60).title, 'Log in');
});
