import test from 'ava';
import anyAscii from 'any-ascii';
import { optionNames } from '../../../client/commands/arguments/options.js';
import { Appearance } from '../../../screen/paint/appearance.js';
import { Characters } from '../../../screen/paint/characters.js';
import { useCharset } from '../../../screen/paint/grapheme.js';
import { type Charset, unmeasured } from '../../../screen/paint/charset.js';
import { themes } from '../../../screen/paint/theme.js';
import { until } from '../../support/until.js';
import { type Board, openBoard } from '../../support/terminals/board.js';

/** The text of the active window, joined to one line. The window is so wide that no line is wrapped. */
const windowText = ({ dashboard: { navigation, timelines } }: Board): string =>
  timelines
    .of(navigation.shown)
    .rows(null, 300, 50)
    .map((row) => row.map(({ text }) => text).join(''))
    .join(' ')
    .replaceAll(/\s+/g, ' ');

async function enter(face: Board, line: string): Promise<void> {
  face.type(line);
  face.press('enter');
  await face.time.pass(0);
}

const expectText = (face: Board, text: string): Promise<true> =>
  until(() => windowText(face).includes(text), text);

const lasts = (option: string, value: string, start = ''): string =>
  `The option ${option} is now ${value}, until the dashboard ends.${start}`;
const keep = (flag: string, variable: string): string => ` To keep it, start with ${flag} or ${variable}.`;

const CHANGES: readonly (readonly [line: string, answer: string, hasChanged: (face: Board) => boolean])[] = [
  [
    '/set theme light',
    lasts('theme', 'light', keep('--theme light', 'PARTYLINE_THEME=light')),
    ({ appearance }) => appearance.theme.bar.bg === themes.light.bar.bg,
  ],
  [
    '/SET Theme High-Contrast',
    lasts('theme', 'high-contrast', keep('--theme high-contrast', 'PARTYLINE_THEME=high-contrast')),
    ({ appearance }) => appearance.theme.bar.bg === themes['high-contrast'].bar.bg,
  ],
  [
    '/set theme auto',
    lasts('theme', 'auto', keep('--theme auto', 'PARTYLINE_THEME=auto')),
    ({ appearance }) => appearance.choice === 'auto' && appearance.theme.bar.bg === themes.dark.bar.bg,
  ],
  [
    '/set ascii on',
    lasts('ascii', 'on', keep('--ascii 1', 'PARTYLINE_ASCII=1')),
    ({ rows }) => !/[^\u0020-\u007e]/.test(rows().join('')),
  ],
  [
    '/set mouse off',
    lasts('mouse', 'off'),
    (face) => !face.hasMouse() && face.rows().join('').includes('mouse selects text'),
  ],
  [
    '/set members on',
    lasts('members', 'on', ' The members of a room are listed beside its window.'),
    ({ dashboard }) => dashboard.navigation.showsMembers,
  ],
];
for (const [line, answer, hasChanged] of CHANGES) {
  // Serial, because all dashboards of the process share one set of characters.
  test.serial(
    `options: given ${line}, then it takes effect at once, and a repetition changes nothing`,
    async (t) => {
      t.teardown(() => useCharset(unmeasured));
      const face = openBoard(t);
      t.false(hasChanged(face));
      await enter(face, line);
      await expectText(face, answer);
      t.true(hasChanged(face));
      const [, option = '', value = ''] = line.toLowerCase().split(' ');
      await enter(face, line);
      const unchanged = `The option ${option} is already ${value}. Nothing has changed.`;
      await expectText(face, unchanged);
      t.true(hasChanged(face));
    },
  );
}

test.serial(
  'options: given ascii on, when it is switched off, then all characters are shown again',
  async (t) => {
    t.teardown(() => useCharset(unmeasured));
    const face = openBoard(t);
    const before = face.rows()[1];
    t.true(before?.includes('│'));
    await enter(face, '/set ascii on');
    await expectText(face, 'ascii is now on');
    t.not(face.rows()[1], before);
    await enter(face, '/set ascii off');
    await expectText(face, lasts('ascii', 'off', keep('--ascii 0', 'PARTYLINE_ASCII=0')));
    t.is(face.rows()[1], before);
  },
);

test.serial('options: /set lists each option with its value and its choices', async (t) => {
  const face = openBoard(t);
  face.press('f6');
  await face.time.pass(0);
  await enter(face, '/set');
  const text = windowText(face);
  t.true(text.includes('Change an option with /set OPTION VALUE.'), text);
  for (const row of [
    'theme dark choices: dark, light, high-contrast, auto',
    'ascii off choices: on, off',
    'mouse off choices: on, off',
    'members off choices: on, off',
  ]) {
    t.true(text.includes(row), text);
  }
});

test.serial('options: /set with a name lists this option', async (t) => {
  const face = openBoard(t);
  await enter(face, '/set mouse');
  const text = windowText(face);
  t.true(text.includes('mouse on choices: on, off'), text);
  for (const other of optionNames.filter((name) => name !== 'mouse'))
    t.false(text.includes(`${other} `), text);
});

const NO_OPTION = (typed: string, near = ''): string =>
  `The dashboard has no option "${typed}".${near} The options are theme, ascii, mouse and members.`;
const PROBLEMS: readonly (readonly [line: string, problem: string])[] = [
  ['/set thme', NO_OPTION('thme', ' Did you mean theme?')],
  ['/set nonsense on', NO_OPTION('nonsense')],
  ['/set constructor on', NO_OPTION('constructor')],
  [
    '/set theme lihgt',
    '"lihgt" is not a value of theme. Did you mean light? The values are dark, light, high-contrast and auto.',
  ],
  ['/set mouse maybe', '"maybe" is not a value of mouse. The values are on and off.'],
  ['/set mouse off now', '"now" is unexpected.'],
];
for (const [line, problem] of PROBLEMS) {
  test.serial(`options: given ${line}, then the problem is shown, and the line stays`, async (t) => {
    const face = openBoard(t);
    await enter(face, line);
    const [noted] = face.chat.noted;
    t.true(noted?.message.startsWith(problem), noted?.message);
    t.true(
      face
        .rows()
        .join(' ')
        .replaceAll(/\s+/g, ' ')
        .includes(`!! ${problem.slice(0, 40)}`),
    );
    t.true(face.rows().at(-2)?.includes(line));
    t.true(face.hasMouse());
  });
}

test.serial(
  'characters: given a choice during the import of the table, then the last choice counts',
  async (t) => {
    const used: Charset[] = [];
    const characters = new Characters(undefined, true, { adapt: (charset) => void used.push(charset) });
    const first = characters.choose(true);
    await characters.choose(false);
    await first;
    t.is(used.length, 2);
    t.is(used.at(-1)?.toAscii, null);
    await characters.choose(true);
    t.is(used.at(-1)?.toAscii, anyAscii);
  },
);

const DECISIONS: readonly (readonly [
  choice: boolean | undefined,
  hasUtf8: boolean,
  isUtf8: boolean | null,
  isAscii: boolean,
])[] = [
  [undefined, true, null, false],
  [undefined, true, true, false],
  [undefined, true, false, true],
  [undefined, false, true, true],
  [false, false, false, false],
  [true, true, true, true],
];
for (const [choice, hasUtf8, isUtf8, isAscii] of DECISIONS) {
  test.serial(
    `characters: choice ${choice}, UTF-8 in the locale ${hasUtf8} and in the terminal ${isUtf8} give ASCII ${isAscii}`,
    async (t) => {
      t.teardown(() => useCharset(unmeasured));
      const characters = new Characters(choice, hasUtf8, new Appearance('dark', 'dark'));
      await characters.adapt({ widths: {}, marks: new Map(), isUtf8, background: null });
      t.is(characters.isAscii, isAscii);
    },
  );
}
