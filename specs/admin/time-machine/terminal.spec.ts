// The time machine in a pseudo-terminal, on a home with an incident.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../support/folder.js';
import { keepPicture, KEYS } from '../../support/terminals/dashboard.js';
import { PtyTerminal } from '../../support/terminals/pty-terminal.js';
import { run } from '../../support/processes/tracker-process.js';
import { until } from '../../support/until.js';
import { incidentHome } from './incident.js';

const LEFT = '\u001b[D';
const HOME = '\u001b[H';
const LONGEST_MS = 120_000;

async function digestsOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      return `${name} ${createHash('sha256').update(bytes).digest('hex')}`;
    }),
  );
}

test('time machine: an incident is investigated at 80x24 and 160x48, the home stays as it was, and the terminal is restored', async (t) => {
  t.timeout(LONGEST_MS);
  const home = await incidentHome(t);
  const before = await digestsOf(home);
  const cache = await temporaryFolder(t);
  const machine = new PtyTerminal(t, {
    args: ['admin', 'time-machine', 'lobby', '--home', home],
    columns: 80,
    rows: 24,
    env: { XDG_CACHE_HOME: cache },
  });
  await machine.shows(/TopicChanged in #lobby by @carol/);
  await machine.shows('Tea at five');
  // The search finds the event of the takeover by a word of its text.
  machine.type('/');
  await machine.shows('Search:');
  machine.type(`MINE NOW${KEYS.enter}`);
  await machine.shows('TopicChanged in #lobby by @mallory');
  await machine.shows('Mine now');
  await machine.shows(/leads +@alice, created the room/);
  await machine.shows(/#lobby +7 @alice/);
  await keepPicture(machine, 'time-machine');
  // The events before it: a ban, and the promotion that made it possible.
  machine.type('B');
  await machine.shows('MemberBanned in #lobby by @mallory');
  machine.type('A');
  await machine.shows('AdminPromoted in #lobby by @alice');
  machine.resize(160, 48);
  await machine.shows(/▸\d+ 2026-01-\d\d \d\d:\d\d:\d\d AdminPromoted/);
  machine.type(LEFT);
  await machine.shows('MemberJoined in #lobby by @mallory');
  // The room before the incident, beside the room now.
  machine.type('v');
  await machine.shows(/at the cursor.*now: \d+ differences/);
  await machine.until(() => /- +@heidi/.test(machine.text.replaceAll('│', ' ')), 'a member who left since');
  await keepPicture(machine, 'time-machine-comparison');
  machine.type(KEYS.escape);
  await machine.shows('Rooms 3');
  machine.type('?');
  await machine.shows('Move the cursor');
  machine.type(KEYS.escape);
  await machine.until(() => !machine.text.includes('Move the cursor'), 'the help is closed');
  machine.type(HOME);
  await machine.shows('event 0 of');
  machine.resize(20, 5);
  await machine.shows('The time machine');
  machine.resize(80, 24);
  await machine.shows('Rooms 0');
  machine.type('q');
  t.is(await machine.ended, 0);
  const { isAlternate, hasMouse, hasPaste } = machine.screen.modes;
  t.deepEqual([isAlternate, hasMouse, hasPaste], [false, false, false]);
  t.deepEqual(await digestsOf(home), before);
});

test('time machine: given a request to stop, then the terminal is restored', async (t) => {
  t.timeout(LONGEST_MS);
  const home = await incidentHome(t);
  const machine = new PtyTerminal(t, {
    args: ['admin', 'time-machine', '--home', home],
    env: { XDG_CACHE_HOME: await temporaryFolder(t), NO_COLOR: '1', LANG: 'C' },
  });
  await machine.shows('robert');
  t.notRegex(machine.text, /[^\u0020-\u007e\n]/);
  t.notRegex(machine.written, /\u001b\[[0-9;]*3[0-7]m|38;[25]/);
  process.kill(machine.pid, 'SIGTERM');
  await machine.ended;
  await until(() => !machine.screen.modes.isAlternate, 'the main screen');
  t.false(machine.screen.modes.hasMouse);
});

test('time machine: given no terminal, then the error names the commands that print lines', async (t) => {
  const { code, errors } = await run(['admin', 'time-machine']);
  t.is(code, 1);
  t.regex(errors, /needs a terminal/);
  t.regex(errors, /admin show .*admin replay/s);
});
