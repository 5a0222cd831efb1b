import { once } from 'node:events';
import test from 'ava';
import { FakeChat } from '../../../support/fake-chat.js';
import { openBoard } from '../../../support/terminals/board.js';

const focused = (chat: FakeChat): unknown => chat.calls.findLast(([action]) => action === 'focus')?.[1];

/** A board that shows #lobby with 40 messages, scrolled back by a page. */
async function scrolledBack(t: Parameters<typeof openBoard>[0]) {
  const board = openBoard(t);
  for (let number = 0; number < 40; number += 1) await board.receive('#lobby', `line ${number}`);
  board.press('pageup');
  return board;
}

test('navigation: given a window that is scrolled back, when messages arrive, then its title counts them, and a rule is above the first one on return', async (t) => {
  const board = await scrolledBack(t);
  t.regex(board.text(), /▸ #lobby .*scrolled back/);
  for (let number = 0; number < 12; number += 1) await board.receive('#lobby', `later ${number}`);
  t.regex(board.text(), /▸ #lobby .*12 new below/);
  board.press('pagedown', 'scroll-down', 'S-up', 'pagedown');
  board.press('M-end');
  const rows = board.rows().map((row) => row.slice(21));
  const rule = rows.findIndex((row) => row.startsWith('──── new ─'));
  t.regex(rows[rule + 1] ?? '', /later 0$/);
  t.notRegex(board.text(), /new below|scrolled back/);
});

test('navigation: given a window that is scrolled back, then its conversation is not read until the newest message is visible', async (t) => {
  const board = await scrolledBack(t);
  t.is(focused(board.chat), null);
  t.is(board.chat.current, '#lobby', 'lines are still sent to it');
  board.press('M-end');
  t.is(focused(board.chat), '#lobby');
  board.press('pageup');
  t.is(focused(board.chat), null);
  board.press('M-a');
  t.is(focused(board.chat), null, 'nothing is unread');
  board.chat.unreadIn.set('#lobby', 2);
  board.press('M-a');
  t.is(focused(board.chat), '#lobby', 'the next unread conversation is this one');
});

test('navigation: given a window that is scrolled back, when a message mentions the user, then a notification is shown', async (t) => {
  const board = await scrolledBack(t);
  await board.chat.events.emit('notification', {
    kind: 'mention',
    conversation: '#lobby',
    from: 'bob',
    id: 'm1',
    preview: '@alice look',
    isLoud: true,
    at: board.time.now(),
  });
  await board.time.pass(0);
  t.regex(board.rows().at(-1) ?? '', />> #lobby bob: @alice look/);
  t.is(board.alarms(), '\u0007');
});

test('navigation: given new messages that were seen, when the user scrolls back again, then later messages get a rule of their own', async (t) => {
  const board = await scrolledBack(t);
  await board.receive('#lobby', 'first');
  board.press('M-end');
  await board.receive('#lobby', 'watched');
  board.press('pageup');
  await board.receive('#lobby', 'second');
  t.regex(board.text(), /1 new below/);
  board.press('M-end');
  const rows = board.rows().map((row) => row.slice(21));
  const ruled = rows.filter((_row, index) => rows[index - 1]?.startsWith('──── new ─') === true);
  t.deepEqual(
    ruled.map((row) => row.replace(/^.*│ /, '')),
    ['first', 'second'],
  );
});

test('navigation: given a scrolled-back window that the user leaves, then its new messages are below the rule when it is shown again', async (t) => {
  const board = await scrolledBack(t);
  await board.receive('#lobby', 'unseen');
  board.press('M-2');
  t.is(focused(board.chat), '@bob');
  board.press('M-1');
  t.regex(board.text(), /──── new ─[^\n]*\n[^\n]*│ unseen/);
});

test('navigation: given more new messages than a narrow title has room for, then the count is shown and the topic gives way', async (t) => {
  const board = await scrolledBack(t);
  for (let number = 0; number < 3; number += 1) await board.receive('#lobby', 'more');
  board.press('M-v');
  board.size.columns = 60;
  t.regex(board.text(), /#lobby.*3 new below/);
});

test('navigation: a conversation has at most one window', async (t) => {
  const board = openBoard(t);
  const titles = (): readonly string[] =>
    board.dashboard.navigation.windows.all.map(({ shown }) => shown ?? 'Partyline');
  board.press('M-v');
  t.deepEqual(titles(), ['#lobby', '@bob']);
  board.press('M-s');
  t.deepEqual(titles(), ['#lobby', '@bob', 'Partyline']);
  board.press('M-s');
  t.regex(board.rows().at(-1) ?? '', /Every conversation has a window already\./);
  board.press('M-1');
  t.is(board.dashboard.navigation.windows.activeIndex, 0, 'its window becomes active');
  board.press('M-down');
  t.deepEqual(titles(), ['#lobby', '@bob', 'Partyline'], 'there is no further conversation');
  board.chat.conversations = ['#lobby'];
  board.dashboard.refresh();
  t.deepEqual(titles(), ['#lobby', 'Partyline'], 'the window of a conversation that is gone');
});

test('navigation: given a conversation that is gone, then the text written for it stays in the input line', async (t) => {
  const board = openBoard(t);
  board.dashboard.input({ kind: 'text', text: 'half a sentence' });
  board.chat.conversations = ['@bob'];
  board.dashboard.refresh();
  t.regex(board.text(), /> half a sentence/);
});

for (const [what, typed, stored, expected] of [
  ['text that is typed', 'hello all', '', 'hello all'],
  ['text that is typed, when a draft is stored there', 'hello all', 'to say:', 'to say: hello all'],
  ['no text', '', 'to say:', 'to say:'],
] as const) {
  test(`navigation: given ${what} while /create runs, then the input line of the new room has it, and no other room`, async (t) => {
    const board = openBoard(t);
    const { create } = board.chat;
    const answered = new AbortController();
    board.chat.create = async (room) => {
      await once(answered.signal, 'abort');
      board.chat.conversations = [...board.chat.conversations, '#den'];
      board.chat.current = '#den';
      return create(room);
    };
    board.chat.drafts.set('#den', stored);
    await board.enter('/create den');
    board.dashboard.input({ kind: 'text', text: typed });
    answered.abort();
    await board.time.pass(0);
    await board.time.pass(0);
    t.is(board.dashboard.navigation.shown, '#den');
    t.regex(board.text(), new RegExp(`#den> ${expected}$`, 'm'));
    board.press('M-1');
    t.regex(board.text(), /#lobby>$/m);
    t.is(board.chat.drafts.get('#lobby'), undefined);
    board.press('M-2');
    t.regex(board.text(), new RegExp(`#den> ${expected}$`, 'm'));
  });
}

test('navigation: given a window that was added while /create runs, then it stays active, and the room is shown beside it', async (t) => {
  const board = openBoard(t);
  const { create } = board.chat;
  const answered = new AbortController();
  board.chat.create = async (room) => {
    await once(answered.signal, 'abort');
    board.chat.conversations = [...board.chat.conversations, '#den'];
    board.chat.current = '#den';
    return create(room);
  };
  await board.enter('/create den');
  board.press('M-v');
  const other = board.dashboard.navigation.shown;
  board.dashboard.input({ kind: 'text', text: 'for the other' });
  answered.abort();
  await board.time.pass(0);
  await board.time.pass(0);
  t.is(board.dashboard.navigation.shown, other);
  t.deepEqual(
    board.dashboard.navigation.windows.all.map(({ shown }) => shown),
    ['#den', other],
  );
  t.regex(board.text(), /for the other/);
});

test('navigation: given another window that was chosen while /create runs, then the text typed there stays there', async (t) => {
  const board = openBoard(t);
  const { create } = board.chat;
  board.chat.create = async (room) => {
    board.press('M-2');
    board.dashboard.input({ kind: 'text', text: 'for bob' });
    board.chat.conversations = [...board.chat.conversations, '#den'];
    board.chat.current = '#den';
    return create(room);
  };
  await board.enter('/create den');
  t.is(board.dashboard.navigation.shown, '#den');
  t.is(board.chat.drafts.get('@bob'), 'for bob');
});
