// The pictures in docs/pictures, taken by a script from real terminals on a real tracker. `npm run screenshots` takes
// them again; only times and network figures differ between two runs.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { JsonTerminal } from '../bin/demo/json-terminal.js';
import { KEYS, openDashboard } from './support/terminals/dashboard.js';
import { PASSWORD } from './support/device.js';
import type { Keeper } from './support/keeper.js';
import { pictureOf } from './support/terminals/picture.js';
import type { PtyTerminal } from './support/terminals/pty-terminal.js';
import { openStage, type Stage } from './support/processes/tracker-process.js';

const SMALL = { columns: 80, rows: 24 } as const;
const LARGE = { columns: 160, rows: 48 } as const;
const PICTURES = new URL('../../docs/pictures/', import.meta.url);
const { enter, alt } = KEYS;

/** The names of the files in docs/pictures. */
export const pictures = ['first-run', 'help', 'four-windows', 'links'] as const;

async function take(terminal: PtyTerminal, name: (typeof pictures)[number]): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await writeFile(new URL(`${name}.svg`, PICTURES), pictureOf(terminal.screen));
}

/** The form for new users with a name and half a password, then completed. */
async function firstRun(keeper: Keeper, stage: Stage): Promise<PtyTerminal> {
  const alice = openDashboard(keeper, stage, 'alice', SMALL);
  await alice.shows('Welcome to Partyline');
  alice.type(`alice${enter}${PASSWORD.slice(0, -6)}`);
  await alice.shows('good');
  await take(alice, 'first-run');
  alice.type(PASSWORD.slice(-6) + enter);
  await alice.shows('● online');
  return alice;
}

async function help(alice: PtyTerminal): Promise<void> {
  alice.type(KEYS.f1);
  await alice.shows('CONVERSATIONS');
  await take(alice, 'help');
  alice.type(KEYS.escape);
  await alice.until(() => !alice.text.includes('CONVERSATIONS'), 'help is closed');
}

async function company(
  alice: PtyTerminal,
  stage: Stage,
): Promise<Readonly<Record<'bob' | 'carol', JsonTerminal>>> {
  const [bob, carol] = [stage.terminal('bob'), stage.terminal('carol')];
  for (const [name, terminal] of Object.entries({ bob, carol })) {
    await terminal.type(`/register ${name} ${PASSWORD}`);
  }
  await typed(alice, '/create lobby', '▸ #lobby');
  await typed(alice, '/topic what is new', 'what is new');
  await carol.type('/create music');
  await bob.type('/create dev');
  await bob.type('/topic the build and what breaks it');
  for (const terminal of [bob, carol]) await terminal.type('/join lobby');
  await carol.type('/join dev');
  await typed(alice, '/join music', '▸ #music');
  await typed(alice, '/join dev', '▸ #dev');
  await alice.shows('the build and');
  for (const peer of ['alice', 'carol']) await bob.expect({ event: 'link', peer, state: 'open' }, 'a link');
  await carol.expect({ event: 'link', peer: 'alice', state: 'open' }, 'a link');
  return { bob, carol };
}

/** Four windows: two rooms, a private conversation and the terminal's own messages. */
async function fourWindows(alice: PtyTerminal, stage: Stage): Promise<void> {
  const { bob, carol } = await company(alice, stage);
  alice.resize(LARGE.columns, LARGE.rows);
  await alice.shows('3 members');
  for (const terminal of [bob, carol]) await terminal.type('/open #dev');
  await bob.type('the build is **green** again 🎉');
  await alice.shows('the build is green again');
  await carol.type('41 s, see https://ci.example.org/1289');
  await alice.shows('/1289');
  await typed(alice, 'nice. *who* takes the flaky one?', /flaky one\? ✓✓/);
  await bob.type('/msg alice lunch at half past twelve?');
  await alice.shows('bob: lunch');
  alice.type(alt('a'));
  await alice.shows('▸ @bob');
  await typed(alice, 'gladly, the usual place', /usual place ✓✓/);
  for (const terminal of [bob, carol]) await terminal.type('/open #lobby');
  alice.type(alt(numberOf(alice, '#lobby')));
  await alice.shows('▸ #lobby');
  await carol.type('good morning ☀️');
  await alice.shows('good morning');
  await typed(
    alice,
    'the **new release** is out: [what is in it](https://example.org/notes)',
    /in it <example.org> ✓✓/,
  );
  await bob.type('*finally!* well done, @alice');
  await alice.shows('well done');
  await carol.type('日本語もどうぞ 👩‍👩‍👧‍👦 👍🏽');
  await alice.shows('日本語もどうぞ');

  alice.type(alt('v') + alt(numberOf(alice, '#dev')));
  await alice.shows('▸ #dev');
  alice.type(alt('v') + alt(numberOf(alice, '@bob')));
  await alice.shows('▸ @bob');
  alice.type(`${alt('v')}\u001b[1;3B`);
  await alice.shows('▸ Partyline');
  await typed(alice, '/rooms', /lobby +3 members/);
  await typed(alice, '/join nowhere', '!! ');
  alice.type(KEYS.altRight);
  await alice.shows('▸ #lobby');
  alice.type('and now for **tea**');
  await carol.type('/open #music');
  await carol.type('@alice hear this one');
  await alice.shows('#music carol: @alice');
  await take(alice, 'four-windows');
}

async function links(alice: PtyTerminal): Promise<void> {
  alice.type(`\u0015${alt('w')}${alt('w')}${alt('w')}`);
  alice.resize(SMALL.columns, SMALL.rows);
  await typed(alice, '/links', /carol +tcp/);
  await alice.shows(/[▁-█]{4}/);
  await take(alice, 'links');
}

async function typed(terminal: PtyTerminal, line: string, answer: string | RegExp): Promise<void> {
  terminal.type(line + enter);
  await terminal.shows(answer);
}

/** The number of a conversation in the sidebar. */
function numberOf({ text }: PtyTerminal, label: string): string {
  const number = new RegExp(`^ (\\d) ${label}`, 'm').exec(text)?.[1];
  if (number === undefined) throw new Error(`${label} is not in the sidebar:\n${text}`);
  return number;
}

async function takeAll(keeper: Keeper): Promise<void> {
  const stage = await openStage(keeper);
  const alice = await firstRun(keeper, stage);
  await help(alice);
  await fourWindows(alice, stage);
  await links(alice);
}

const [, program] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  const endings: (() => unknown)[] = [];
  try {
    await takeAll({ teardown: (end) => void endings.push(end) });
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}
