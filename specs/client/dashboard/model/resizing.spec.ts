import test from 'ava';
import type { ConversationLabel } from '../../../../client/chat/events.js';
import { answer, FakeChat } from '../../../support/fake-chat.js';
import { openBoard } from '../../../support/terminals/board.js';

const LARGE = { columns: 160, rows: 48 } as const;

function withRooms(...conversations: ConversationLabel[]): FakeChat {
  const chat = new FakeChat();
  chat.conversations = conversations;
  return chat;
}

function board(t: Parameters<typeof openBoard>[0], chat = withRooms('#one', '#two', '#three')) {
  const opened = openBoard(t, { chat, ...LARGE });
  const sizes = (): readonly (readonly [columns: number, rows: number])[] => {
    opened.frame();
    return (opened.dashboard.navigation.layout?.windows ?? []).map(({ rect }) => [rect.columns, rect.rows]);
  };
  return { ...opened, sizes };
}

for (const [keys, expected] of [
  [
    ['M-S-right'],
    [
      [64, 45],
      [68, 45],
    ],
  ],
  [
    ['M-S-left'],
    [
      [68, 45],
      [64, 45],
    ],
  ],
  [
    ['M-S-left', 'M-S-left', 'M-S-left'],
    [
      [72, 45],
      [60, 45],
    ],
  ],
  [
    ['M-S-left', 'M-='],
    [
      [66, 45],
      [66, 45],
    ],
  ],
  [
    ['M-left', 'M-S-right'],
    [
      [68, 45],
      [64, 45],
    ],
  ],
  [
    ['M-S-down'],
    [
      [66, 45],
      [66, 45],
    ],
  ],
  [
    Array.from({ length: 60 }, () => 'M-S-left'),
    [
      [104, 45],
      [28, 45],
    ],
  ],
  [
    Array.from({ length: 60 }, () => 'M-S-right'),
    [
      [28, 45],
      [104, 45],
    ],
  ],
] as const) {
  test(`resizing: given two windows side by side, after ${keys.length} keys ${[...new Set(keys)].join(' ')} they have ${expected.map(([columns]) => columns).join(' and ')} columns`, (t) => {
    const { press, sizes } = board(t);
    press('M-v', ...keys);
    t.deepEqual(sizes(), expected);
  });
}

test('resizing: given stacked windows beside another one, then each key moves a border of the active window', (t) => {
  const { press, sizes, rows } = board(t);
  press('M-v', 'M-s', 'M-S-up', 'M-S-up', 'M-S-right');
  t.deepEqual(sizes(), [
    [64, 45],
    [68, 24],
    [68, 21],
  ]);
  press('M-w');
  t.deepEqual(sizes(), [
    [64, 45],
    [68, 45],
  ]);
  press('M-S-down');
  t.regex(rows().at(-1) ?? '', /This window cannot be resized: there is no space/);
});

test('resizing: given windows in several rows, when one is resized, then the others keep their rows', (t) => {
  const { press, sizes } = board(t, withRooms('#one', '#two', '#three', '#four'));
  press('M-v', 'M-v', 'M-v', 'M-S-left', 'M-S-up');
  t.deepEqual(sizes(), [
    [66, 23],
    [66, 23],
    [68, 22],
    [64, 22],
  ]);
});

test('resizing: the mouse drags a line between windows, and the title of a window below another', (t) => {
  const { press, mouse, sizes, dashboard } = board(t);
  press('M-v', 'M-s');
  const { borders = [] } = dashboard.navigation.layout ?? {};
  const line = borders.find(({ split }) => split === 'beside')?.rect ?? { x: 0, y: 0 };
  mouse('press', line.x, 10);
  mouse('drag', line.x - 6, 11);
  mouse('drag', line.x - 10, 12);
  mouse('release', line.x - 10, 12);
  mouse('drag', 40, 12);
  t.deepEqual(sizes()[0], [56, 45]);
  t.is(dashboard.navigation.windows.activeIndex, 2, 'a line belongs to no window');
  const title = dashboard.navigation.layout?.windows[2]?.rect ?? { x: 0, y: 0 };
  mouse('press', title.x + 5, title.y);
  mouse('drag', title.x + 5, title.y + 9);
  mouse('release', title.x + 5, title.y + 9);
  t.deepEqual(
    sizes().map(([, rows]) => rows),
    [45, 31, 14],
  );
});

test('resizing: given another size of the terminal, then the windows keep their shares, and none is smaller than possible', (t) => {
  const { press, size, sizes } = board(t);
  press('M-v', ...Array.from({ length: 10 }, () => 'M-S-left'));
  t.deepEqual(sizes(), [
    [86, 45],
    [46, 45],
  ]);
  size.columns = 240;
  t.deepEqual(
    sizes().map(([columns]) => columns),
    [138, 74],
  );
  size.columns = 90;
  t.deepEqual(
    sizes().map(([columns]) => columns),
    [40, 28],
  );
});

test('windows: as many are possible as the screen has room for, and four on any screen', (t) => {
  const labels = Array.from({ length: 30 }, (_, index): ConversationLabel => `#room${index}`);
  const large = board(t, withRooms(...labels));
  large.press(...Array.from({ length: 30 }, () => 'M-v'));
  const count = large.sizes().length;
  t.true(count > 4 && count < 30, `${count} windows`);
  t.regex(large.rows().at(-1) ?? '', /There is no space for another window\./);
  const small = openBoard(t, { chat: withRooms(...labels), columns: 60, rows: 16 });
  small.press('M-v', 'M-v', 'M-v', 'M-v');
  t.is(small.dashboard.navigation.windows.all.length, 4);
});

test('members: a key lists the members beside a room, and a click on one opens the conversation with them', async (t) => {
  const chat = withRooms('#one', '@bob');
  const member = { isAdmin: false, joinedAt: 0, leadership: null };
  chat.answers.members = answer(200, 'MEMBERS_LISTED', '', {
    members: [
      { ...member, username: 'dave', isOnline: false },
      { ...member, username: 'alice', isOnline: true, isAdmin: true },
      { ...member, username: 'bob', isOnline: true },
    ],
    nextLeader: null,
  });
  const { press, rows, time, mouse, size, dashboard } = board(t, chat);
  await time.pass(0);
  press('M-m');
  const listed = () => rows().map((row) => row.padEnd(160).slice(-20).trimEnd());
  t.deepEqual(listed().slice(1, 5), [' MEMBERS 3', ' ● alice      admin', ' ● bob', ' ○ dave']);
  mouse('press', 150, 3);
  await time.pass(0);
  t.true(chat.calls.some(([action, username]) => action === 'startPrivate' && username === 'bob'));
  size.columns = 76;
  t.notRegex(rows().join('\n'), /MEMBERS/, 'the window is too narrow');
  size.columns = 160;
  press('M-m');
  t.notRegex(rows().join('\n'), /MEMBERS/);
  dashboard.navigation.show('@bob');
  press('M-m');
  t.regex(rows().at(-1) ?? '', /No window shows a room now\./);
});
