// A dashboard on a fake chat, without a terminal. Specs press its keys and read its rows.
import { PassThrough } from 'node:stream';
import { bindingsWith } from '../../../client/dashboard/input/keys/bindings.js';
import { Dashboard } from '../../../client/dashboard/dashboard.js';
import { Frame } from '../../../screen/paint/frame.js';
import { subscribe } from '../../../client/dashboard/subscriptions.js';
import type { ChatMessage, ConversationLabel } from '../../../client/chat/events.js';
import { FakeChat } from '../fake-chat.js';
import type { Keeper } from '../keeper.js';
import { createTime } from '../time.js';
import { createLook } from './look.js';

interface BoardWishes {
  readonly chat?: FakeChat;
  readonly columns?: number;
  readonly rows?: number;
}

const doNothing = (): void => undefined;

export type Board = ReturnType<typeof openBoard>;

export function openBoard(t: Keeper, { chat = new FakeChat(), columns = 80, rows = 24 }: BoardWishes = {}) {
  const time = createTime();
  const output = new PassThrough();
  const ending = new AbortController();
  t.teardown(() => ending.abort());
  const size = { columns, rows };
  const look = createLook();
  let hasMouse = true;
  let isSuspendable = true;
  const dashboard = new Dashboard({
    chat,
    clock: time,
    schedule: time.schedule,
    ...look,
    bindings: bindingsWith({}),
    controls: {
      linkAt: () => null,
      openLink: async () => true,
      redraw: () => undefined,
      suspend: async () => isSuspendable,
      toggleMouse: () => {
        hasMouse = !hasMouse;
      },
      hasMouse: () => hasMouse,
      quit: () => undefined,
    },
    invalidate: doNothing,
    invalidateCalmly: doNothing,
  });
  look.appearance.onChange(() => dashboard.timelines.forgetRows());
  const { signal } = ending;
  subscribe({
    chat,
    dashboard,
    clock: time,
    schedule: time.schedule,
    output,
    notify: 'bell',
    invalidate: doNothing,
    signal,
  });
  let count = 0;

  function frame(): Frame {
    const made = Frame.blank(size.columns, size.rows);
    for (const { rect, paint } of dashboard.compose(size.columns, size.rows).panes) paint(made, rect);
    return made;
  }

  return {
    chat,
    dashboard,
    time,
    size,
    ...look,
    hasMouse: () => hasMouse,
    /** Sets whether a shell can stop and continue the program. */
    setSuspendable(isIt: boolean): void {
      isSuspendable = isIt;
    },
    frame,
    /** The rows of the screen, without trailing blanks. */
    rows: (): readonly string[] =>
      frame().cells.map((cells) =>
        cells
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      ),
    text(): string {
      return this.rows().join('\n');
    },
    /** The output to the terminal since the last call, for example bell characters. */
    alarms: (): string => String(output.read() ?? ''),
    press: (...keys: readonly string[]): void => {
      frame();
      for (const key of keys) dashboard.input({ kind: 'key', key });
    },
    /** Types text, one event for each key: a longer text would count as a paste. */
    type: (text: string): void => {
      frame();
      for (const character of text) dashboard.input({ kind: 'text', text: character });
    },
    mouse: (action: 'press' | 'release' | 'drag' | 'wheel-up' | 'wheel-down', x: number, y: number): void => {
      frame();
      dashboard.input({ kind: 'mouse', action, x, y });
    },
    /** Types a line and enters it. Resolves when its outcome is shown. */
    async enter(line: string): Promise<void> {
      dashboard.input({ kind: 'text', text: line });
      dashboard.input({ kind: 'key', key: 'enter' });
      await time.pass(0);
      await time.pass(0);
    },
    /** A message arrives; its unread count is not changed. */
    async receive(
      conversation: ConversationLabel,
      text: string,
      changes: Partial<ChatMessage> = {},
    ): Promise<void> {
      count += 1;
      await chat.events.emit('message', {
        conversation,
        from: 'bob',
        id: `received ${count}`,
        text,
        spans: [],
        link: 'tcp',
        at: time.now() + count,
        ...changes,
      });
    },
  };
}
