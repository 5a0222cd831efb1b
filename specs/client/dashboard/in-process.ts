// A dashboard in this process, over a chat that gives prepared answers. A spec sends it keys and reads its screen as text.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Dashboard } from '../../../client/dashboard/dashboard.js';
import { bindingsWith } from '../../../client/dashboard/input/keys/bindings.js';
import type { Appearance } from '../../../screen/paint/appearance.js';
import type { Characters } from '../../../screen/paint/characters.js';
import { Frame } from '../../../screen/paint/frame.js';
import { FakeChat } from '../../support/fake-chat.js';
import { createTime, type Time } from '../../support/time.js';
import { createLook } from '../../support/terminals/look.js';

export interface InProcess {
  readonly chat: FakeChat;
  readonly time: Time;
  readonly dashboard: Dashboard;
  readonly appearance: Appearance;
  readonly characters: Characters;
  readonly hasMouse: () => boolean;
  /** Types text. Resolves when the dashboard has handled it. */
  type(text: string): Promise<void>;
  /** Presses a key by its name, for example `enter`. Resolves when the dashboard has handled it. */
  press(key: string): Promise<void>;
  /** The rows of the screen, without blanks at their ends. */
  readonly rows: () => readonly string[];
  /** Sets whether the terminal can be stopped. */
  setSuspendable(isSuspendable: boolean): void;
}

const COLUMNS = 80;
const ROWS = 24;

export function openInProcess(chat = new FakeChat()): InProcess {
  const time = createTime();
  const look = createLook();
  let isSuspendable = true;
  let hasMouse = true;
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
    invalidate: () => undefined,
    invalidateCalmly: () => undefined,
  });
  look.appearance.onChange(() => dashboard.timelines.forgetRows());
  dashboard.refresh();
  const rows = (): readonly string[] => {
    const frame = Frame.blank(COLUMNS, ROWS);
    for (const { rect, paint } of dashboard.compose(COLUMNS, ROWS).panes) paint(frame, rect);
    return frame.cells.map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
  };
  rows();
  return {
    chat,
    time,
    dashboard,
    ...look,
    hasMouse: () => hasMouse,
    rows,
    async type(text) {
      // One event for each key: a longer text would count as a paste.
      for (const character of text) dashboard.input({ kind: 'text', text: character });
      await nextTurn();
    },
    async press(key) {
      dashboard.input({ kind: 'key', key });
      await nextTurn();
    },
    setSuspendable(isIt) {
      isSuspendable = isIt;
    },
  };
}
