// The view of the time machine as cells, with its keys and the mouse, without a terminal.
import test, { type ExecutionContext } from 'ava';
import { createInput } from '../../../admin/time-machine/input.js';
import { actions, keyTable } from '../../../admin/time-machine/keys.js';
import { TimeMachine } from '../../../admin/time-machine/model/time-machine.js';
import { compose, type Shown } from '../../../admin/time-machine/view/compose.js';
import type { InputEvent } from '../../../screen/keys/parser.js';
import { Frame } from '../../../screen/paint/frame.js';
import { themes } from '../../../screen/paint/theme.js';
import { createTime } from '../../support/time.js';
import { type FakeEvent, FakeReads } from './fake-reads.js';

const START = Date.UTC(2026, 0, 1);
const HOSTILE = '#x\u001b[2J\u202e\u0007\n日本👩‍👩‍👧‍👦';

const events: readonly FakeEvent[] = Array.from({ length: 30 }, (_, index) => ({
  at: START + (index < 20 ? index * 60_000 : 40 * 3_600_000 + index * 60_000),
  type: ['RoomCreated', 'MemberJoined', 'AdminPromoted'][index % 3] ?? '',
  subject: ['#lobby', HOSTILE][index % 2] ?? '',
}));

async function openView(t: ExecutionContext, columns: number, rows: number, at = 10) {
  const time = createTime();
  const reads = new FakeReads(events);
  const failures: unknown[] = [];
  const machine = new TimeMachine({
    reads,
    clock: time,
    schedule: time.schedule,
    onChange: () => undefined,
    onFailure: (thrown) => failures.push(thrown),
  });
  t.teardown(() => machine.close());
  await machine.open({ at: { kind: 'position', position: at }, subject: null });
  const called: string[] = [];
  let shown: Shown | null = null;
  const frame = (): Frame => {
    const made = Frame.blank(columns, rows);
    shown = compose(machine, columns, rows, themes.dark);
    for (const { rect, paint } of shown.composition.panes) paint(made, rect);
    if (shown.layout !== null) {
      const { timeline, list, subject, events: lines } = shown.layout;
      machine.fit({
        timelineColumns: timeline.columns,
        listRows: (list ?? subject).rows,
        eventRows: lines.rows,
      });
    }
    return made;
  };
  const handle = createInput({
    machine,
    controls: {
      redraw: () => void called.push('redraw'),
      suspend: async () => {
        called.push('suspend');
        return true;
      },
      toggleMouse: () => void called.push('toggleMouse'),
      quit: () => void called.push('quit'),
    },
    shown: () => shown,
  });
  const settle = async (): Promise<void> => {
    frame();
    await time.pass(0);
    await time.pass(0);
  };
  await settle();
  return {
    machine,
    called,
    failures,
    frame,
    layout: () => shown?.layout ?? null,
    rows: (): readonly string[] => frame().cells.map((cells) => cells.map(({ text }) => text).join('')),
    text(): string {
      return this.rows().join('\n');
    },
    async input(event: InputEvent): Promise<void> {
      frame();
      handle(event);
      await settle();
    },
    async press(...keys: readonly string[]): Promise<void> {
      for (const key of keys) {
        const isText = Array.from(key).length === 1 || key === 'space';
        await this.input(isText ? { kind: 'text', text: key === 'space' ? ' ' : key } : { kind: 'key', key });
      }
    },
    mouse(action: (InputEvent & { readonly kind: 'mouse' })['action'], x: number, y: number): Promise<void> {
      return this.input({ kind: 'mouse', action, x, y });
    },
  };
}

test('time machine view: at every size all rows have the width of the screen, and too small a screen says so', async (t) => {
  for (const [columns, rows] of [
    [50, 16],
    [80, 24],
    [109, 35],
    [160, 48],
    [300, 100],
  ] as const) {
    const view = await openView(t, columns, rows);
    const lines = view.rows();
    t.regex(lines[0] ?? '', /Time machine .*event 10 of 30/);
    t.regex(lines.at(-1) ?? '', /events · Space play/);
    t.true(view.text().includes('AdminPromoted') || view.text().includes('RoomCreated'));
    for (const [y, cells] of view.frame().cells.entries()) t.is(cells.length, columns, `row ${y}`);
  }
  for (const [columns, rows] of [
    [49, 16],
    [50, 15],
    [20, 3],
    [1, 1],
  ] as const) {
    const view = await openView(t, columns, rows);
    t.true(
      'The time machine needs 50x16'.startsWith(view.rows()[0]?.replace('…', '').trim().slice(0, 10) ?? ''),
    );
    await view.mouse('press', 0, 0);
    await view.press('right', '?', '/', 'escape');
    t.deepEqual(view.failures, []);
  }
});

test('time machine view: no cell has a control character or a mark of direction', async (t) => {
  const view = await openView(t, 100, 30);
  for (const keys of [[], ['v'], ['?'], ['escape', '/', HOSTILE]]) {
    await view.press(...keys.filter((key) => key !== HOSTILE));
    if (keys.includes(HOSTILE))
      await view.input({ kind: 'paste', text: HOSTILE, hasEnter: false, isCut: false });
    t.notRegex(view.text(), /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});

test('time machine view: the timeline has bars where events are, dots and a label where none are, and the cursor', async (t) => {
  const view = await openView(t, 80, 24, 30);
  const [, densities = '', marks = '', times = ''] = view.rows();
  t.regex(densities, /^[▁-█]·+ no events ·+[▁-█]$/);
  t.regex(marks, /^ +↑$/);
  t.regex(times, /^2026-01-01 00:00:00 +2026-\d\d-\d\d [\d:]+$/);
  await view.press('home');
  t.regex(view.rows()[2] ?? '', /^↑/);
});

test('time machine view: a click or a drag on the timeline moves the cursor, and the wheel steps from column to column', async (t) => {
  const view = await openView(t, 80, 24, 30);
  await view.mouse('press', 40, 1);
  t.is(view.machine.at, 20);
  await view.mouse('drag', 79, 20);
  t.is(view.machine.at, 30);
  await view.mouse('release', 79, 20);
  await view.mouse('drag', 0, 1);
  t.is(view.machine.at, 30);
  await view.mouse('wheel-up', 10, 2);
  t.is(view.machine.at, 20);
  await view.mouse('wheel-down', 10, 2);
  t.is(view.machine.at, 30);
});

test('time machine view: a click chooses a room or an event', async (t) => {
  const view = await openView(t, 80, 24);
  const { list, events: lines } = view.layout() ?? {};
  if (!list || lines === undefined) throw new Error('there is no layout');
  await view.mouse('press', 3, list.y);
  t.is(view.machine.scene?.subject?.id, 'lobby');
  t.false(view.machine.observation.isFollowing);
  const clicked = view.machine.scene?.neighbours[2]?.position ?? 0;
  t.true(clicked > 0 && clicked < 10);
  await view.mouse('press', 3, lines.y + 2);
  t.is(view.machine.at, clicked);
  await view.mouse('wheel-down', 3, lines.y);
  t.is(view.machine.at, clicked + 1);
});

test('time machine view: every key of the table has an effect that the screen or the terminal shows', async (t) => {
  for (const action of actions) {
    for (const key of keyTable[action].keys) {
      const view = await openView(t, 80, 24, action === 'select-next' ? 9 : 10);
      // A state in which each key changes something.
      if (action === 'close') await view.press('v');
      if (/hit/.test(action)) await view.press('/', 'J', 'o', 'enter');
      if (action === 'slower') await view.press('+');
      if (action === 'zoom-out') await view.press('z', 'z');
      if (action.startsWith('scroll')) await view.press('?');
      if (action === 'scroll-up') await view.press('down', 'down');
      const state = (): string => `${view.text()} ${view.called.join()} ${view.machine.at}`;
      if (action === 'select-next' || action === 'select-previous') await view.press('f');
      const before = state();
      await view.press(key);
      t.not(state(), before, `${action}: ${key}`);
      t.deepEqual(view.failures, []);
    }
  }
});

test('time machine view: a search is typed, and its hits are visited', async (t) => {
  const view = await openView(t, 80, 24, 1);
  await view.press('/', 'q', 'backspace', 'A', 'd', 'm', 'i', 'n', 'space');
  t.regex(view.rows().at(-1) ?? '', /^Search: Admin/);
  await view.press('backspace', 'enter', 'n');
  t.is(view.machine.at, 6);
  await view.press('N');
  t.is(view.machine.at, 3);
  await view.input({ kind: 'line', text: 'g12' });
  t.is(view.machine.at, 12);
});

test('time machine view: a paste presses no keys', async (t) => {
  const view = await openView(t, 80, 24);
  await view.input({ kind: 'paste', text: 'qqq', hasEnter: false, isCut: false });
  t.deepEqual(view.called, []);
});

test('time machine view: given two moments, then both are shown side by side', async (t) => {
  const view = await openView(t, 100, 30);
  await view.press('v');
  t.regex(view.text(), /at the cursor .*│?.* now: no difference/);
  t.is(view.layout()?.list, null);
  await view.press('escape');
  t.not(view.layout()?.list, null);
});
