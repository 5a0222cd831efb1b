// What the whole screen shows: panes made of what there is to be seen. Decides nothing, changes nothing.
import type { Clock } from '../../../core/time/clock.js';
import { timeOfDay } from '../../../core/time/local-time.js';
import type { Chat } from '../../chat/port.js';
import { secretStart } from '../../commands/line.js';
import { type Offers, offerWords, offset } from '../model/completion.js';
import type { Editor } from '../input/editor/editor.js';
import type { KnownFacts } from '../model/directory-cache.js';
import type { Bindings } from '../input/keys/bindings.js';
import type { Overlay } from '../overlay/overlay.js';
import { overlayPane, paintAll } from '../overlay/overlay.js';
import { padded, type Row, rowOf } from '../paint/row.js';
import { piece } from '../paint/style.js';
import type { Records } from '../model/timelines.js';
import type { Composition, Pane } from '../terminal/screen.js';
import type { Theme } from '../paint/theme.js';
import { titleOf } from './titles.js';
import { hintRow, statusRow, titleRow } from './bars.js';
import { inputRowsOf, inputView } from './input.js';
import { type Layout, layoutOf, type Place, SMALLEST } from './layout.js';
import { offersView } from './offers.js';
import { type SidebarRow, sidebarRows } from './sidebar.js';
import type { LinkWatch } from '../model/link-monitor.js';
import type { Windows } from '../model/windows.js';

export interface PictureParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly records: Records;
  readonly windows: Windows;
  readonly facts: KnownFacts;
  readonly watch: LinkWatch;
  readonly editor: Editor;
}

export interface Flash {
  readonly kind: 'notification' | 'error';
  readonly text: string;
}

/** What changes from one moment to the next. */
export interface Moment {
  readonly overlay: Overlay | null;
  /** What the word before the cursor may become; null without a menu. */
  readonly offers: Offers | null;
  /** What has just happened or gone wrong; null for nothing. */
  readonly flash: Flash | null;
  readonly hint: string;
  readonly hasMouse: boolean;
}

export interface Picture extends Composition {
  /** Null where the screen is too small. */
  readonly layout: Layout | null;
  readonly sidebar: readonly SidebarRow[];
  /** Where the rows of what lies on top are, without its border. */
  readonly top: Place | null;
  /** Where the offers of the menu are, and which is the first of them. */
  readonly menu: Menu | null;
}

interface Menu {
  readonly place: Place;
  readonly first: number;
}

export function pictureOf(parts: PictureParts, moment: Moment, columns: number, rows: number): Picture {
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
      people: parts.facts.people,
      carrierTo: (username) => parts.watch.wayTo(username)?.carrier ?? null,
      selected: windows.active.shown,
    },
    layout.sidebar,
    theme,
  );
  const input = inputView(editor.draft, secretStart(editor.text), label, layout.input, theme);
  const status = {
    username: chat.username,
    session: chat.session,
    brokerMs: parts.watch.brokerMs,
    queued: parts.records.queued,
    isDnd: chat.dnd,
    unread: chat.conversationStates.filter(({ unread }) => unread > 0).length,
    hasMouse: moment.hasMouse,
    time: timeOfDay(parts.clock.now()),
  };
  const panes: Pane[] = [
    { place: { x: 0, y: 0, columns, rows }, paint: paintAll(ground(columns, rows, theme)) },
    { place: layout.sidebar, paint: paintAll(sidebar.map(({ row }) => row)) },
    ...layout.windows.flatMap(({ index, place }) => windowPane(parts, index, place)),
    ...layout.lines.map((place) => linePane(place, theme)),
    { place: layout.status, paint: paintAll([statusRow(status, columns, theme)]) },
    { place: layout.input, paint: paintAll(input.rows) },
    {
      place: layout.hint,
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
export function textSize({ columns, rows }: Place): { readonly columns: number; readonly rows: number } {
  return { columns, rows: rows - 1 };
}

function windowPane(
  { windows, records, chat, facts, watch, theme }: PictureParts,
  index: number,
  place: Place,
): Pane[] {
  const window = windows.all[index];
  if (window === undefined) return [];
  const { shown, anchor } = window;
  const state = { isActive: index === windows.activeIndex, isScrolled: anchor !== null };
  const known =
    shown === null
      ? { topic: '', told: [chat.username ?? ''] }
      : titleOf(shown, facts.of(shown), watch, chat.username);
  const title = titleRow(shown, known, state, place.columns, theme);
  const size = textSize(place);
  const text = records.of(shown).rows(anchor, size.columns, size.rows);
  // The newest stands at the bottom, where it comes in.
  const above = Array.from({ length: size.rows - text.length }, (): Row => []);
  return [{ place, paint: paintAll([title, ...above, ...text]) }];
}

function offersPane(
  { facts, theme }: PictureParts,
  offers: Offers,
  cursorX: number,
  layout: Layout,
  columns: number,
): { readonly pane: Pane; readonly menu: Menu } {
  const told = offers.hits.map((text) => ({ text, does: offerWords(text, facts.people) }));
  const at = { x: cursorX - offset(offers), bottom: layout.status.y, columns };
  const { place, rows, first } = offersView({ offers: told, at: offers.at }, at, theme);
  const pane = { place, paint: paintAll(rows) };
  return { pane, menu: { place: { ...place, y: place.y + 1, rows: place.rows - 1 }, first } };
}

function linePane(place: Place, theme: Theme): Pane {
  const row = rowOf([piece('│', theme.border)]);
  return { place, paint: paintAll(Array.from({ length: place.rows }, () => row)) };
}

function ground(columns: number, rows: number, theme: Theme): readonly Row[] {
  const row = padded([], columns, theme.text);
  return Array.from({ length: rows }, () => row);
}

function tooSmall(columns: number, rows: number, theme: Theme): Picture {
  const says = `Partyline needs ${SMALLEST.columns}x${SMALLEST.rows}; this is ${columns}x${rows}.`;
  const row = rowOf([piece(says, theme.text)]);
  const place: Place = { x: 0, y: 0, columns, rows };
  return {
    panes: [{ place, paint: paintAll([row]) }],
    cursor: null,
    layout: null,
    sidebar: [],
    top: null,
    menu: null,
  };
}
