import test from 'ava';
import { enteredDashboard, keepPicture, KEYS, openDashboard } from '../../support/terminals/dashboard.js';
import { PASSWORD } from '../../support/device.js';
import { openStage } from '../../support/processes/tracker-process.js';

const { enter } = KEYS;

test('dashboard: from the first start to a conversation between two terminals', async (t) => {
  const stage = await openStage(t);
  const alice = openDashboard(t, stage, 'alice');
  await alice.shows('Welcome to Partyline');
  await keepPicture(alice, 'first-run-80x24');
  alice.type(`al ice${enter}`);
  await alice.shows('!! A username must start with a letter');
  alice.type(`${KEYS.eraseToStart}alice${enter}short${enter}`);
  await alice.shows('!! The password is too short');
  alice.type(PASSWORD);
  await alice.shows('strong');
  alice.type(enter);
  await alice.shows('/create lobby creates a room');
  t.false(alice.written.includes(PASSWORD));
  alice.type(`/create lobby${enter}`);
  await alice.shows('▸ #lobby');

  const carol = openDashboard(t, stage, 'carol');
  await carol.shows('Welcome to Partyline');
  carol.type(`alice${enter}${PASSWORD}${enter}`);
  await carol.shows(/Name +alice[^]*Password +•+[^]*!! This username is taken/);

  const bob = await enteredDashboard(t, stage, 'bob', { columns: 160, rows: 48 });
  bob.type(`/join lobby${enter}`);
  await bob.shows('▸ #lobby');
  await alice.shows('bob joined');
  alice.type(`hello **bold** and *italic* at [here](https://example.org/x)${enter}`);
  await bob.shows('hello bold and italic at here <example.org>');
  await alice.shows('✓✓');
  const bold = bob.at('bold');
  t.true(bob.screen.cell(bold.x, bold.y).isBold);
  const italic = bob.at('italic');
  t.true(bob.screen.cell(italic.x, italic.y).isItalic);
  const link = bob.at('here');
  t.true(bob.screen.cell(link.x, link.y).isUnderlined);
  t.regex(bob.written, /\u001b\]8;id=\w+;https:\/\/example\.org\/x\u001b\\/);

  bob.type(`hi @alice 日本語 🚀 👩‍👩‍👧‍👦 e\u0301|done${enter}`);
  await alice.shows('|done');
  const row = alice.at('|done').y;
  t.regex(alice.screen.lines[row] ?? '', /hi @alice 日本語 🚀 👩‍👩‍👧‍👦 e\u0301\|done/);
  const [wide, end] = [alice.at('日本語'), alice.at('|done')];
  t.is(end.x - wide.x, 6 + 1 + 2 + 1 + 2 + 1 + 1);

  bob.type(`/dnd off${enter}/join nowhere${enter}`);
  await bob.shows('!! No open room');
  const colours = ['hello', 'disturb is off', 'No open room', 'you joined'].map((text) => {
    const { x, y } = bob.at(text);
    return bob.screen.cell(x, y).fg;
  });
  t.is(new Set(colours).size, 4, 'messages, outcomes, errors and notices have different colours');
  await keepPicture(alice, 'chat-80x24');
  alice.type(KEYS.f1);
  await alice.shows('CONVERSATIONS');
  await keepPicture(alice, 'help-80x24');
  alice.type(KEYS.escape);
  await alice.until(() => !alice.text.includes('CONVERSATIONS'), 'help is closed');
  bob.type(`/create tea${enter}`);
  await bob.shows('▸ #tea');
  bob.type(`/create cake${enter}`);
  await bob.shows('▸ #cake');
  bob.type(KEYS.alt('v') + KEYS.alt('v') + KEYS.alt('v'));
  const titles = [/#cake .*led by bob/, /#tea .*led by bob/, /#lobby .*led by alice/, /▸ Partyline/];
  await bob.until(() => titles.every((title) => title.test(bob.text)), 'four windows');
  await keepPicture(bob, 'four-windows-160x48');
});
