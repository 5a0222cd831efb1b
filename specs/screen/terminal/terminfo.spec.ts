import test from 'ava';
import { assumptionNote } from '../../../screen/terminal/terminfo.js';
import { openStage } from '../../support/processes/tracker-process.js';
import { openDashboard } from '../../support/terminals/dashboard.js';

const INSTALLED: ReadonlySet<string> = new Set([
  '/usr/share/terminfo',
  '/usr/share/terminfo/v/vt220',
  '/home/alice/.terminfo/77/wy60',
  '/opt/terminfo/h/hp700',
]);

type Environment = Readonly<Record<string, string | undefined>>;

const CASES: readonly (readonly [what: string, env: Environment, note: RegExp | undefined])[] = [
  ['no TERM', {}, /^TERM is not set, so this terminal is treated as an xterm\. /],
  ['TERM without a value', { TERM: '' }, /^TERM is not set, /],
  ['a path in TERM', { TERM: '../../dev/zero' }, /^TERM does not name a terminal, /],
  ['control characters in TERM', { TERM: 'x\u001b[2J' }, /^TERM does not name a terminal, /],
  ['an unknown TERM', { TERM: 'nonsense-9' }, /^No description of the terminal "nonsense-9" is installed, /],
  [
    'a TERMINFO that is no folder of descriptions',
    { TERM: 'nonsense-9', TERMINFO: '/etc/passwd' },
    /^No description of the terminal "nonsense-9" is installed, /,
  ],
  ['a known TERM and a bad TERMINFO', { TERM: 'vt220', TERMINFO: '/nowhere' }, undefined],
  ['a known TERM', { TERM: 'vt220' }, undefined],
  [
    'a description in the home, in a folder with a hexadecimal name',
    { TERM: 'wy60', HOME: '/home/alice' },
    undefined,
  ],
  ['a description in TERMINFO_DIRS', { TERM: 'hp700', TERMINFO_DIRS: ':/opt/terminfo' }, undefined],
  ['a terminal like xterm whose description is missing', { TERM: 'xterm-ghostty' }, undefined],
  ['tmux', { TERM: 'tmux-256color' }, undefined],
];
for (const [what, env, note] of CASES) {
  test(`terminfo: given ${what}, then ${note === undefined ? 'nothing is assumed' : 'the note says what is assumed'}`, (t) => {
    const shown = assumptionNote(env, (path) => INSTALLED.has(path));
    if (note === undefined) t.is(shown, undefined);
    else t.regex(shown ?? '', note);
  });
}

test('terminfo: given a system without descriptions, then nothing is assumed about an unknown TERM', (t) => {
  t.is(
    assumptionNote({ TERM: 'nonsense-9' }, () => false),
    undefined,
  );
});

test('terminfo: given a path in TERM, then the dashboard starts, and says what is assumed', async (t) => {
  const stage = await openStage(t);
  const terminal = openDashboard(t, stage, 'alice', { env: { TERM: '../../dev/zero' } });
  await terminal.shows('Welcome to Partyline');
  terminal.type('\u0007');
  await terminal.shows('TERM does not name a terminal');
  t.true(terminal.screen.modes.isAlternate);
});
