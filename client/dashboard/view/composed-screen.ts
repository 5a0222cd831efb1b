// What the whole screen shows: panes made of what there is to be seen. Decides nothing, changes nothing.
import type { Clock } from '../../../core/time/clock.js';
import { timeOfDay } from '../../../core/time/local-time.js';
import type { Chat } from '../../chat/port.js';
import { secretStart } from '../../commands/line.js';
import { type Offers, offerWords, offset } from '../model/completion.js';
import type { Editor } from '../input/editor/editor.js';
import type { DirectoryCache } from '../model/directory-cache.js';
import type { Bindings } from '../input/keys/bindings.js';
import type { Overlay } from '../overlay/overlay.js';
import { overlayPane, paintAll } from '../overlay/overlay.js';
import { padded, type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Timelines } from '../model/timelines.js';
import type { Composition, Pane } from '../terminal/screen.js';
import type { Theme } from '../paint/theme.js';
import { titleOf } from './titles.js';
import { hintRow, statusRow, titleRow } from './bars.js';
import { inputRowsOf, inputView } from './input.js';
import { type Layout, layoutOf, type Rect, SMALLEST } from './layout.js';
import { offersView } from './suggestions.js';
import { type SidebarRow, sidebarRows } from './sidebar.js';
import type { LinkMonitor } from '../model/link-monitor.js';
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

export interface StatusMessage {
  readonly kind: 'notification' | 'error';
  readonly text: string;
}

/** What changes from one moment to the next. */
export interface ScreenState {
  readonly overlay: Overlay | null;
  /** What the word before the cursor may become; null without a menu. */
  readonly offers: Offers | null;
  /** What has just happened or gone wrong; null for nothing. */
  readonly flash: StatusMessage | null;
  readonly hint: string;
  readonly hasMouse: boolean;
}

export interface ComposedScreen extends Composition {
  /** Null where the screen is too small. */
  readonly layout: Layout | null;
  readonly sidebar: readonly SidebarRow[];
  /** Where the rows of what lies on top are, without its border. */
  readonly top: Rect | null;
  /** Where the offers of the menu are, and which is the first of them. */
  readonly menu: Menu | null;
}

interface Menu {
  readonly rect: Rect;
  readonly first: number;
}

export function composeScreen(
  parts: ComposeParts,
  moment: ScreenState,
  columns: number,
  rows: number,
): ComposedScreen {
  const { windows, editor, theme, chat } = parts;
  const label = editor.search === null ? `${windows.active.shown ?? ''}> ` : `search "${editor.search}"> `;
  const layout = layoutOf(columns, rows, {
    arrangement: windows.arrangement,
    active: windows.activeIndex,
    inputRows: inputRowsOf(editor.draft, label, columns),
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
    hasMouse: moment.hasMouse,
    time: timeOfDay(parts.clock.now()),
  };
  const panes: Pane[] = [
    { rect: { x: 0, y: 0, columns, rows }, paint: paintAll(ground(columns, rows, theme)) },
    { rect: layout.sidebar, paint: paintAll(sidebar.map(({ row }) => row)) },
    ...layout.windows.flatMap(({ index, rect }) => windowPane(parts, index, rect)),
    ...layout.dividers.map((rect) => dividerPane(rect, theme)),
    { rect: layout.status, paint: paintAll([statusRow(status, columns, theme)]) },
    { rect: layout.input, paint: paintAll(input.rows) },
    {
      rect: layout.hint,
      paint: paintAll([
        hintRow(moment.flash?.text ?? moment.hint, moment.flash?.kind ?? 'hint', columns, theme),
      ]),
    },
  ];
  const cursor = { x: layout.input.x + input.cursor.x, y: layout.input.y + input.cursor.y };
  if (moment.overlay === null) {
    if (moment.offers === null) return { panes, cursor, layout, sidebar, top: null, menu: null };
    const { pane, menu } = offersPane(parts, moment.offers, cursor.x, layout, columns);
    return { panes: [...panes, pane], cursor, layout, sidebar, top: null, menu };
  }
  const top = overlayPane(moment.overlay, { columns, rows }, theme, parts.bindings);
  return { panes: [...panes, top.pane], cursor: top.cursor, layout, sidebar, top: top.inner, menu: null };
}

/** How large the text of a window is, without its title. */
export function textSize({ columns, rows }: Rect): { readonly columns: number; readonly rows: number } {
  return { columns, rows: rows - 1 };
}

function windowPane(
  { windows, timelines, chat, directory, monitor, theme }: ComposeParts,
  index: number,
  rect: Rect,
): Pane[] {
  const window = windows.all[index];
  if (window === undefined) return [];
  const { shown, anchor } = window;
  const state = { isActive: index === windows.activeIndex, isScrolled: anchor !== null };
  const known =
    shown === null
      ? { topic: '', details: [chat.username ?? ''] }
      : titleOf(shown, directory.of(shown), monitor, chat.username);
  const title = titleRow(shown, known, state, rect.columns, theme);
  const size = textSize(rect);
  const text = timelines.of(shown).rows(anchor, size.columns, size.rows);
  // The newest stands at the bottom, where it comes in.
  const above = Array.from({ length: size.rows - text.length }, (): Row => []);
  return [{ rect, paint: paintAll([title, ...above, ...text]) }];
}

function offersPane(
  { directory, theme }: ComposeParts,
  offers: Offers,
  cursorX: number,
  layout: Layout,
  columns: number,
): { readonly pane: Pane; readonly menu: Menu } {
  const details = offers.hits.map((text) => ({ text, effect: offerWords(text, directory.people) }));
  const at = { x: cursorX - offset(offers), bottom: layout.status.y, columns };
  const { rect, rows, first } = offersView({ offers: details, at: offers.at }, at, theme);
  const pane = { rect, paint: paintAll(rows) };
  return { pane, menu: { rect: { ...rect, y: rect.y + 1, rows: rect.rows - 1 }, first } };
}

function dividerPane(rect: Rect, theme: Theme): Pane {
  const row = rowOf([piece('│', theme.border)]);
  return { rect, paint: paintAll(Array.from({ length: rect.rows }, () => row)) };
}

function ground(columns: number, rows: number, theme: Theme): readonly Row[] {
  const row = padded([], columns, theme.text);
  return Array.from({ length: rows }, () => row);
}

function tooSmall(columns: number, rows: number, theme: Theme): ComposedScreen {
  const says = `Partyline needs ${SMALLEST.columns}x${SMALLEST.rows}; this is ${columns}x${rows}.`;
  const row = rowOf([piece(says, theme.text)]);
  const rect: Rect = { x: 0, y: 0, columns, rows };
  return {
    panes: [{ rect, paint: paintAll([row]) }],
    cursor: null,
    layout: null,
    sidebar: [],
    top: null,
    menu: null,
  };
}
