import anyAscii from 'any-ascii';
import test from 'ava';
import { Appearance, backgroundOf } from '../../../screen/paint/appearance.js';
import { hasUtf8, shownText, unmeasured } from '../../../screen/paint/charset.js';
import { marks } from '../../../screen/paint/marks.js';
import { themes } from '../../../screen/paint/theme.js';
import { Timelines } from '../../../client/dashboard/model/timelines.js';

test('appearance: the background decides between light and dark, unless the user chose a theme', (t) => {
  const automatic = new Appearance('auto', 'dark');
  t.is(automatic.themeName, 'dark');
  automatic.adapt(unmeasured, 'light');
  t.is(automatic.themeName, 'light');
  automatic.adapt(unmeasured, null);
  t.is(automatic.themeName, 'light', 'the terminal did not report again');
  automatic.choose('high-contrast');
  automatic.adapt(unmeasured, 'dark');
  t.is(automatic.themeName, 'high-contrast');
});

test('appearance: given another theme, then messages that are here already change as well, with their links and mentions', (t) => {
  const appearance = new Appearance('dark', 'dark');
  const timelines = new Timelines(appearance.theme, { now: () => 0 }, () => 'alice');
  appearance.onChange(() => timelines.forgetRows());
  const message = { conversation: '#lobby', from: 'bob', id: 'm1', link: 'tcp', at: 0 } as const;
  timelines.addMessage(
    {
      ...message,
      text: '@alice read this',
      spans: [{ style: 'HYPERLINK', start: 7, end: 16, url: 'https://a.example/' }],
    },
    true,
  );
  const styles = () =>
    timelines
      .of('#lobby')
      .rows(null, 80, 10)
      .flat()
      .filter(({ text }) => /[@r]/.test(text))
      .map(({ style }) => style.fg);
  const before = styles();
  appearance.choose('light');
  const after = styles();
  t.true(before.includes(themes.dark.link.fg) && before.includes(themes.dark.mention.fg));
  t.true(after.includes(themes.light.link.fg) && after.includes(themes.light.mention.fg));
  t.false(after.includes(themes.dark.link.fg));
});

for (const [value, background] of [
  [undefined, 'dark'],
  ['', 'dark'],
  ['15;0', 'dark'],
  ['0;15', 'light'],
  ['0;default;15', 'light'],
  ['0;7', 'light'],
  ['7;8', 'dark'],
  ['0;default', 'dark'],
] as const) {
  test(`appearance: COLORFGBG ${value ?? 'unset'} is a ${background} background`, (t) => {
    t.is(backgroundOf({ COLORFGBG: value }), background);
  });
}

for (const [env, platform, isUtf8] of [
  [{ LANG: 'en_US.UTF-8' }, 'linux', true],
  [{ LANG: 'C.utf8' }, 'linux', true],
  [{ LANG: 'de_DE.UTF8', LC_ALL: 'C' }, 'linux', false],
  [{ LANG: 'C', LC_CTYPE: 'UTF-8' }, 'darwin', true],
  [{ LANG: 'de_DE.ISO-8859-1' }, 'linux', false],
  [{ LANG: '', LC_ALL: '' }, 'linux', false],
  [{}, 'win32', true],
] as const) {
  test(`charset: ${JSON.stringify(env)} on ${platform} ${isUtf8 ? 'has' : 'has no'} UTF-8`, (t) => {
    t.is(hasUtf8(env, platform), isUtf8);
  });
}

test('charset: given a terminal for ASCII, then all text is shown in ASCII', (t) => {
  const ascii = { ...unmeasured, toAscii: anyAscii };
  for (const [text, shown] of [
    ['│', '|'],
    ['é', 'e'],
    ['ж', 'zh'],
    ['👍🏽', ':thumbsup:'],
    ['\u{10ffff}', '?'],
    ['a', 'a'],
  ] as const) {
    t.is(shownText(text, ascii), shown);
  }
  for (const mark of marks.values()) t.regex(mark, /^[\u0021-\u007e]$/);
});
