// The whole screen composed as panes, from the present state. Pure.
import type { Clock } from '../../../core/time/clock.js';
import { timeOfDay } from '../../../core/time/local-time.js';
import type { Chat } from '../../chat/port.js';
import { secretStart } from '../../commands/line.js';
import { type Suggestions, suggestionHint, wordOffset } from '../model/completion.js';
import type { Editor } from '../input/editor/editor.js';
import type { DirectoryCache } from '../model/directory-cache.js';
import type { Bindings } from '../input/keys/bindings.js';
import type { Overlay } from '../overlay/overlay.js';
import { overlayPane } from '../overlay/overlay.js';
import { type Composition, type Pane, paintRows, type Rect } from '../../../screen/paint/composition.js';
import { padded, type Row, rowOf } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Timelines } from '../model/timelines.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { titleOf } from './titles.js';
import { hintRow, problemRows, statusRow, titleRow } from './bars.js';
import { inputRowsOf, inputView } from './input.js';
import { type Layout, layoutOf, SMALLEST, type WindowArea } from './layout.js';
import { type MemberRow, memberRows } from './members.js';
import { suggestionsView } from './suggestions.js';
import { type SidebarRow, sidebarRows } from './sidebar.js';
import type { LinkMonitor } from '../model/link-monitor.js';
import type { StatusMessage } from '../model/status-message.js';
import type { Windows } from '../model/windows.js';

export interface ComposeParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly timelines: Timelines;
  readonly windows: Windows;
  readonly directory: DirectoryCache;
  readonly monitor: LinkMonitor;
  readonly editor: Editor;
}

/** The state that changes from one screen to the next. */
export interface ScreenState {
  readonly overlay: Overlay | null;
  /** The open completion menu; null if no menu is open. */
  readonly suggestions: Suggestions | null;
  readonly statusMessage: StatusMessage | null;
  /** The problem of the line that was entered; null if the line has no problem. */
  readonly problem: string | null;
  readonly hint: string;
  readonly hasMouse: boolean;
  /** Whether window `index` should have a list of members, if the screen has space for it. */
  readonly hasMembers: (index: number) => boolean;
}

export interface ComposedScreen extends Composition {
  /** Null if the screen is too small. */
  readonly layout: Layout | null;
  readonly sidebar: readonly SidebarRow[];
  /** The lists of members beside rooms. */
  readonly members: readonly MemberList[];
  /** The rectangle of the overlay's rows, without its border; null without an overlay. */
  readonly top: Rect | null;
  /** The completion menu; null if no menu is open. */
  readonly menu: Menu | null;
}

interface MemberList {
  readonly rect: Rect;
  readonly rows: readonly MemberRow[];
}

interface Menu {
  /** The rectangle of the suggestions, without the border. */
  readonly rect: Rect;
  /** The index of the suggestion in the first row. */
  readonly first: number;
}

export function composeScreen(
  parts: ComposeParts,
  state: ScreenState,
  columns: number,
  rows: number,
): ComposedScreen {
  const { windows, editor, theme, chat } = parts;
  const label = editor.search === null ? `${windows.active.shown ?? ''}> ` : `search "${editor.search}"> `;
  const problem = state.problem === null ? [] : problemRows(state.problem, columns, theme);
  const layout = layoutOf(columns, rows, {
    arrangement: windows.arrangement,
    active: windows.activeIndex,
    inputRows: inputRowsOf(editor.draft, label, columns),
    problemRows: problem.length,
    hasMembers: state.hasMembers,
  });
  if (layout === null) return tooSmall(columns, rows, theme);
  const sidebar = sidebarRows(
    {
      conversations: chat.conversationStates,
      people: parts.directory.people,
      carrierTo: (username) => parts.monitor.bestLinkTo(username)?.carrier ?? null,
      selected: windows.active.shown,
    },
    layout.sidebar,
    theme,
  );
  const input = inputView(editor.draft, secretStart(editor.text), label, layout.input, theme);
  const status = {
    username: chat.username,
    session: chat.session,
    brokerMs: parts.monitor.brokerMs,
    queued: parts.timelines.queued,
    isDnd: chat.dnd,
    unread: chat.conversationStates.filter(({ unread }) => unread > 0).length,
    hasMouse: state.hasMouse,
    time: timeOfDay(parts.clock.now()),
  };
  const members = layout.windows.flatMap((area) => memberLists(parts, area));
  const panes: readonly Pane[] = [
    { rect: { x: 0, y: 0, columns, rows }, paint: paintRows(ground(columns, rows, theme)) },
    { rect: layout.sidebar, paint: paintRows(sidebar.map(({ row }) => row)) },
    ...layout.windows.flatMap((area) => windowPane(parts, area)),
    ...members.map((list) => ({ rect: list.rect, paint: paintRows(list.rows.map(({ row }) => row)) })),
    ...layout.dividers.map((rect) => dividerPane(rect, theme)),
    { rect: layout.problem, paint: paintRows(problem) },
    { rect: layout.status, paint: paintRows([statusRow(status, columns, theme)]) },
    { rect: layout.input, paint: paintRows(input.rows) },
    {
      rect: layout.hint,
      paint: paintRows([
        hintRow(state.statusMessage?.text ?? state.hint, state.statusMessage?.kind ?? 'hint', columns, theme),
      ]),
    },
  ];
  const cursor = { x: layout.input.x + input.cursor.x, y: layout.input.y + input.cursor.y };
  const screen = { panes, cursor, layout, sidebar, members, top: null, menu: null };
  if (state.overlay === null) {
    if (state.suggestions === null) return screen;
    const { pane, menu } = suggestionsPane(parts, state.suggestions, cursor.x, layout, columns);
    return { ...screen, panes: [...panes, pane], menu };
  }
  const top = overlayPane(state.overlay, { columns, rows }, theme, parts.bindings);
  return { ...screen, panes: [...panes, top.pane], cursor: top.cursor, top: top.inner };
}

function windowPane(
  { windows, timelines, chat, directory, monitor, theme }: ComposeParts,
  { index, rect, text: size }: WindowArea,
): Pane[] {
  const window = windows.all[index];
  if (window === undefined) return [];
  const { shown, anchor } = window;
  const scrollback = timelines.of(shown);
  const state = {
    isActive: index === windows.activeIndex,
    isScrolled: anchor !== null,
    newBelow: scrollback.newBelow(anchor),
  };
  const known =
    shown === null
      ? { topic: '', details: [chat.username ?? ''] }
      : titleOf(shown, directory.room(shown), monitor, chat.username);
  const title = titleRow(shown, known, state, rect.columns, theme);
  const text = scrollback.rows(anchor, size.columns, size.rows);
  // The newest entry is at the bottom.
  const above = Array.from({ length: size.rows - text.length }, (): Row => []);
  return [{ rect, paint: paintRows([title, ...above, ...text]) }];
}

function memberLists(
  { windows, directory, theme }: ComposeParts,
  { index, members }: WindowArea,
): readonly MemberList[] {
  const shown = windows.all[index]?.shown ?? null;
  if (members === null || shown === null) return [];
  return [{ rect: members, rows: memberRows(directory.room(shown), members, theme) }];
}

function suggestionsPane(
  { directory, theme }: ComposeParts,
  suggestions: Suggestions,
  cursorX: number,
  layout: Layout,
  columns: number,
): { readonly pane: Pane; readonly menu: Menu } {
  const details = suggestions.hits.map((text) => ({ text, effect: suggestionHint(text, directory.people) }));
  const at = { x: cursorX - wordOffset(suggestions), bottom: layout.status.y, columns };
  const { rect, rows, first } = suggestionsView({ suggestions: details, at: suggestions.at }, at, theme);
  const pane = { rect, paint: paintRows(rows) };
  return { pane, menu: { rect: { ...rect, y: rect.y + 1, rows: rect.rows - 1 }, first } };
}

function dividerPane(rect: Rect, theme: Theme): Pane {
  const row = rowOf([piece('│', theme.border)]);
  return { rect, paint: paintRows(Array.from({ length: rect.rows }, () => row)) };
}

function ground(columns: number, rows: number, theme: Theme): readonly Row[] {
  const row = padded([], columns, theme.text);
  return Array.from({ length: rows }, () => row);
}

function tooSmall(columns: number, rows: number, theme: Theme): ComposedScreen {
  const message = `Partyline needs ${SMALLEST.columns}x${SMALLEST.rows}; this terminal has ${columns}x${rows}.`;
  const row = rowOf([piece(message, theme.text)]);
  const rect: Rect = { x: 0, y: 0, columns, rows };
  return {
    panes: [{ rect, paint: paintRows([row]) }],
    cursor: null,
    layout: null,
    sidebar: [],
    members: [],
    top: null,
    menu: null,
  };
}
