import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { enteredDashboard, keepPicture, KEYS, openDashboard } from '../../../support/terminals/dashboard.js';
import { openStage } from '../../../support/processes/tracker-process.js';

const { enter, tab, up, down } = KEYS;

test('dashboard: keys open the links, the members, the message search and the command palette', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  await alice.shows(/broker (<1|\d+) ms/);
  const bob = stage.terminal('bob');
  await bob.type('/register bob correct-horse-battery');
  await bob.type('/join lobby');
  await bob.expect({ event: 'link', peer: 'alice', state: 'open' }, 'the link to alice');
  for (const line of ['the train leaves at noon', 'and **one** more', 'rain again']) await bob.type(line);
  await alice.shows('rain again');
  await alice.shows(/● bob +(tcp|udp|relay) /);
  await alice.shows(/2 members · led by alice · 1\/1 linked/);

  alice.type(KEYS.f3);
  await alice.shows(/PEER +OVER +ROUND TRIPS +NOW +LOSS +QUEUED/);
  await alice.shows(/│ bob +(tcp|udp|relay) .*[▁▂▃▄▅▆▇█].* ms +(-|[\d.]+%) +0 /);
  await alice.shows('Connected over');
  await keepPicture(alice, 'links-80x24');
  await bob.kill();
  await alice.shows(/│ bob +none/, 30_000);
  alice.type(KEYS.close);
  alice.type(`/links${enter}`);
  await alice.shows('ROUND TRIPS');
  alice.type(KEYS.close);
  alice.type(`/help${enter}`);
  await alice.shows(/─ Help ─+┐[^]{0,30}COMMANDS/);
  alice.type(KEYS.close);
  alice.type(`/help keys${enter}`);
  await alice.shows(/─ Help ─+┐[^]{0,30}CONVERSATIONS/);
  alice.type(KEYS.close);
  alice.type(`/help join${enter}`);
  await alice.shows('/join ROOM: Join a room');

  alice.type(KEYS.f2);
  await alice.shows('#lobby: 2 members');
  await alice.shows(/▸ ● alice +admin.* you/);
  await alice.shows(/○ bob +next admin/);
  await keepPicture(alice, 'members-80x24');
  alice.type(KEYS.close);

  alice.type('half a line');
  alice.type(KEYS.alt('1'));
  await alice.shows('▸ #dev');
  alice.type(KEYS.search);
  await alice.shows('latest messages come first');
  alice.type('tra');
  await alice.shows(/▸ \d\d:\d\d #lobby bob the train leaves at noon/);
  const word = alice.at('train');
  t.true(alice.screen.cell(word.x, word.y).isBold);
  await keepPicture(alice, 'search-80x24');
  alice.type(enter);
  await alice.shows('▸ #lobby');
  await alice.shows('── found ─');
  await alice.shows('#lobby> half a line');

  alice.type(KEYS.alt('x'));
  await alice.shows('─ Commands ─');
  alice.type('dev');
  await alice.until(() => !alice.text.includes('toggle mouse'), 'the other entries are gone');
  await alice.shows(/▸ #dev .*room/);
  await keepPicture(alice, 'palette-80x24');
  alice.type(enter);
  await alice.shows('▸ #dev');
  alice.type(`draft${KEYS.alt('x')}topic`);
  await alice.shows(/▸ \/topic/);
  alice.type(enter);
  await alice.shows('#dev> /topic');
  await alice.shows('Ctrl+_ restores the text you were writing.');
  alice.type(KEYS.undo);
  await alice.shows('#dev> draft');
});

test('dashboard: a click chooses in overlays and menus', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  const click = (text: string): void => {
    const { x, y } = alice.at(text);
    alice.click(x, y);
  };
  alice.type(`${KEYS.alt('x')}dev`);
  await alice.shows(/▸ #dev .*room/);
  click('▸ #dev');
  await alice.shows(/│▸ #dev/);
  await alice.until(() => !alice.text.includes('─ Commands ─'), 'the palette is closed');
  alice.type(`/un${tab}`);
  await alice.shows('▸ /unban');
  click('/unmute');
  await alice.shows('#dev> /unmute');
  await alice.until(() => !alice.text.includes('/unban'), 'the menu is closed');
  alice.type(`${KEYS.eraseToStart}see https://example.org/a${enter}`);
  await alice.shows('example.org/a ');
  alice.type('\u000f');
  await alice.shows('Open a link');
  click('▸ https');
  await alice.until(() => !alice.text.includes('Open a link'), 'the menu is closed');
  alice.type(`/login${enter}`);
  await alice.shows('Log in');
  click('Password');
  alice.type('secret');
  await alice.shows('Password  ••••••');
  alice.type('\u0003');
  await alice.shows(/^ Ctrl\+Q quits\./m);
  t.false(alice.text.includes('secret'));
});

test('dashboard: given a window that is scrolled back, when a line is entered, then it is visible; a split shows another conversation', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  for (let line = 0; line < 30; line += 1) alice.type(`line ${line}${enter}`);
  await alice.shows('line 29');
  alice.type('\u001b[5~');
  await alice.shows('scrolled back');
  alice.type(`the last word${enter}`);
  await alice.until(() => /│ the last word/.test(alice.text), 'the message is visible');
  t.notRegex(alice.text, /scrolled back/);
  alice.type('half a line');
  alice.type(KEYS.alt('s'));
  await alice.shows(/│▸ #dev/);
  await alice.shows(/^#dev>/m);
  t.notRegex(alice.text, /half a line/);
  alice.type(KEYS.alt('w'));
  await alice.shows('#lobby> half a line');
});

test('dashboard: Tab opens a menu, and the written text is kept', async (t) => {
  const stage = await openStage(t);
  const alice = await enteredDashboard(t, stage, 'alice', { rooms: ['dev', 'lobby'] });
  alice.type(`/un${tab}`);
  await alice.shows('▸ /unban');
  await alice.shows('/unmute');
  await alice.shows('↑ ↓ select · Enter accept · Esc close');
  await keepPicture(alice, 'completion-80x24');
  alice.type(down);
  await alice.shows('▸ /unblock');
  alice.type(`${up}${up}`);
  await alice.shows('▸ /unread');
  alice.type('m');
  await alice.shows('▸ /unmute');
  alice.type(KEYS.close);
  await alice.until(() => !alice.text.includes('▸ /unmute'), 'the menu is closed');
  await alice.shows('#lobby> /unm');
  alice.type(tab);
  await alice.shows('#lobby> /unmute');
  alice.type(`${KEYS.alt('\u007f')}hello /o${tab}`);
  await alice.shows('No match.');
  await alice.shows('#lobby> hello /o');
  alice.type(`\u0015/open ${tab}${tab}${enter}`);
  await alice.shows(/#lobby> \/open #\w+ *$/m);
  await keepPicture(alice, 'completed-80x24');
  t.regex(alice.text, /#lobby> \/open #\w+ *$/m);
});

test('dashboard: hints and help show the keys of the keys file', async (t) => {
  const stage = await openStage(t);
  const keys = join(stage.folder, 'keys.json');
  await writeFile(keys, '{"help": ["f12"], "close": ["C-x"], "why": ["f7"], "palette": []}');
  const home = join(stage.folder, 'terminals');
  const alice = openDashboard(t, stage, 'alice', {
    args: ['chat', stage.invite, '--profile', 'alice', '--home', home, '--keys', keys],
  });
  await alice.shows('Welcome to Partyline');
  await alice.shows('Ctrl+X close');
  alice.type(`alice${enter}correct-horse-battery${enter}`);
  await alice.shows('● online');
  await alice.shows('F12 help');
  alice.type(`/join nowhere${enter}`);
  await alice.shows('(F7 explains)');
  alice.type('\u001b[24~');
  await alice.shows('↑ ↓ PgUp PgDn scroll · Ctrl+X close');
  // Row by row, because the screen may be read while a page is half painted.
  for (let row = 0; row < 200 && !/F12 +help: the keys/.test(alice.text); row += 1) {
    const before = alice.text;
    alice.type(KEYS.down);
    await alice.until(() => alice.text !== before, 'the next row');
  }
  await alice.shows(/F12 +help: the keys/);
  t.notRegex(alice.text, / commands · /);
});
