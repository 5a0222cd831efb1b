// The table of key actions outside the line editor: what each one does.
import type { FaceOptions } from '../commands/arguments/options.js';
import { type Line, parseLine, secretStart } from '../commands/line.js';
import { reply } from '../commands/reply.js';
import type { Chat } from '../chat/port.js';
import type { TerminalControls } from '../../screen/terminal/controls.js';
import type { Editor } from './input/editor/editor.js';
import type { Action } from './input/keys/bindings.js';
import type { Submit } from './input/submit.js';
import type { Completion } from './model/completion.js';
import type { Navigation, SplitResult } from './model/navigation.js';
import type { Resize } from './model/resizing.js';
import type { Scroll } from './model/scrolling.js';
import type { StatusMessages } from './model/status-message.js';
import type { Overlays } from './overlay/overlays.js';
import type { Split } from './view/arrangement.js';

/** Why no window was added. */
const NO_WINDOW: { readonly [R in Exclude<SplitResult, 'added'>]: string } = {
  full: 'There is no space for another window.',
  'all-shown': 'Every conversation has a window already.',
};

const NOT_RESIZED = 'This window cannot be resized: there is no space, or no other window on that side.';
const MOUSE_OFF =
  'The mouse selects text in the terminal now. Clicks, dragging and the wheel have no effect here.';
const MOUSE_ON = 'The mouse works here again: click, drag borders, scroll with the wheel.';

export interface ActionsParts {
  readonly chat: Pick<Chat, 'username' | 'noteOutcome'>;
  readonly navigation: Navigation;
  readonly overlays: Overlays;
  readonly completion: Completion;
  readonly editor: Editor;
  readonly submit: Submit;
  readonly controls: TerminalControls;
  /** The options that /set changes. */
  readonly options: FaceOptions;
  readonly status: StatusMessages;
  readonly invalidate: () => void;
}

export type Actions = Partial<Record<Action, () => void>>;

export function createActions(parts: ActionsParts): Actions {
  const { chat, navigation, overlays, completion, submit, controls, status } = parts;
  const scroll = (how: Scroll) => () => navigation.scroll(how);
  const number = (index: number) => () => navigation.showNumber(index);
  const split = (how: Split) => () => {
    const result = navigation.split(how);
    if (result !== 'added') status.show(NO_WINDOW[result]);
  };
  const resize = (how: Resize) => () => {
    if (!navigation.resizing.resize(how)) status.show(NOT_RESIZED);
  };
  return {
    enter: () => void enterLine(parts),
    complete: () => {
      if (!completion.complete()) status.show('No match.');
    },
    close: () => overlays.close(),
    help: () => overlays.openHelp('keys'),
    palette: () => overlays.openPalette(),
    search: () => overlays.openSearch(),
    members: () => overlays.openMembers(),
    links: () => overlays.openLinkMonitor(),
    'open-link': () => overlays.openLinkMenu(),
    why: () => void submit.command(async (asked) => [reply('why', await asked.why())]),
    'log-in': () => overlays.openLoginForm(chat.username === null ? 'register' : 'login', '', ''),
    'next-conversation': () => navigation.step(1),
    'previous-conversation': () => navigation.step(-1),
    'next-unread': () => {
      if (!navigation.showUnread()) status.show('No unread messages.');
    },
    'conversation-1': number(0),
    'conversation-2': number(1),
    'conversation-3': number(2),
    'conversation-4': number(3),
    'conversation-5': number(4),
    'conversation-6': number(5),
    'conversation-7': number(6),
    'conversation-8': number(7),
    'conversation-9': number(8),
    'split-beside': split('beside'),
    'split-below': split('stacked'),
    'close-window': () => navigation.closeWindow(),
    'next-window': () => navigation.activate(navigation.windows.activeIndex + 1),
    'previous-window': () => navigation.activate(navigation.windows.activeIndex - 1),
    wider: resize('wider'),
    narrower: resize('narrower'),
    taller: resize('taller'),
    lower: resize('lower'),
    'equal-windows': () => navigation.resizing.equalise(),
    'toggle-members': () => {
      navigation.showsMembers = !navigation.showsMembers;
      const hasRoom = navigation.layout?.windows.some(({ index }) => navigation.hasMembers(index)) === true;
      if (navigation.showsMembers && !hasRoom)
        status.show('The members of a room are listed beside its window. No window shows a room now.');
    },
    'page-up': scroll('page-up'),
    'page-down': scroll('page-down'),
    'scroll-up': scroll('scroll-up'),
    'scroll-down': scroll('scroll-down'),
    newest: scroll('newest'),
    redraw: () => controls.redraw(),
    suspend: () => void suspend(parts),
    'toggle-mouse': () => {
      controls.toggleMouse();
      status.show(controls.hasMouse() ? MOUSE_ON : MOUSE_OFF);
    },
    quit: () => controls.quit(),
  };
}

async function suspend({ controls, status, invalidate }: ActionsParts): Promise<void> {
  if (await controls.suspend()) return;
  status.show(
    'The program was not suspended, because no shell started it. It is still running, so do not type fg.',
  );
  invalidate();
}

/** Submits the input line. A line with a problem stays in the input line, and the problem is shown beside it. */
async function enterLine(parts: ActionsParts): Promise<void> {
  const { chat, editor, navigation, status, overlays, invalidate } = parts;
  const { text } = editor;
  if (text.trim() === '') return;
  const isOpened = overlays.openFor(text);
  const line = parseLine(text);
  if (!isOpened && line.kind === 'refusal') {
    chat.noteOutcome(line.refusal);
    status.showProblem(line.refusal.message);
    return;
  }
  editor.take(secretStart(text) === null);
  // Scroll to the newest entry, because the answer will appear there. Remove status messages, because they are out of date.
  navigation.scroll('newest');
  status.clear();
  if (!isOpened) await submitLine(parts, text, line);
  invalidate();
}

/**
 * Submits the line. A refused message is put back into the input line, unless the user has typed other text or has changed the
 * conversation.
 */
async function submitLine(
  { editor, navigation, options, status, submit }: ActionsParts,
  text: string,
  line: Line,
): Promise<void> {
  const { shown } = navigation;
  const withOptions: Line =
    line.kind === 'command' ? { ...line, act: (chat) => line.act(chat, options) } : line;
  const refusal = await submit.line(withOptions);
  if (refusal === null) {
    // While the message was being sent, its text may have been stored as the draft. Replace this draft by the present text. If
    // another conversation is shown now, leaving this one has already stored the present text.
    if (navigation.shown === shown) navigation.keepDraft();
    return;
  }
  if (navigation.shown === shown && editor.text === '') {
    editor.load(text);
    status.showProblem(refusal.message);
  } else submit.showRefusal(shown, refusal);
}
