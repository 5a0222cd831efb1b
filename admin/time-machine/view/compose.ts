// The screen of the time machine, composed from its state. Pure.
import { exactDuration, waitingTime } from '../../../core/time/duration.js';
import { columnsOf, cut, fitting } from '../../../screen/paint/grapheme.js';
import { type Composition, type Pane, paintRows, type Rect } from '../../../screen/paint/composition.js';
import { padded, type Row, rowOf, shortened, spread } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { counted } from '../../progress.js';
import type { TimeMachine } from '../model/time-machine.js';
import type { Comparison, SubjectShown } from '../reads.js';
import { eventRows, neighbourRows } from './events.js';
import { helpPane } from './help.js';
import { LEAST, type Layout, layoutOf } from './layout.js';
import { listRows, listTitle } from './lists.js';
import { subjectRows, subjectTitle } from './subject.js';
import { shortTime } from './text.js';
import { timelineRows } from './timeline.js';

/** A composed screen, with what a key or a click needs to know of it. */
export interface Shown {
  readonly composition: Composition;
  /** Null for a screen that is too small. */
  readonly layout: Layout | null;
  /** The greatest scroll of the subject, and of the help. */
  readonly lastScroll: number;
}

/** A pause that is named beside the event before it. */
const LONG_PAUSE_MS = 3_600_000;
const HINTS = ['← → events', 'Space play', '/ search', 'v compare', 'Tab lists', '? help', 'q quit'];

export function compose(machine: TimeMachine, columns: number, rows: number, theme: Theme): Shown {
  const layout = layoutOf(columns, rows, machine.observation.other !== null);
  if (layout === null) return tooSmall(columns, rows, theme);
  const { scene } = machine;
  const panes: Pane[] = [ground(columns, rows, theme)];
  const put = (rect: Rect, painted: readonly Row[]): void =>
    void panes.push({ rect, paint: paintRows(painted) });
  put(layout.header, [headerRow(machine, columns, theme)]);
  const { timeline } = machine.window;
  if (timeline !== null) {
    put(layout.timeline, timelineRows(timeline, machine.at, layout.timeline.rows, theme));
  }
  let lastScroll = 0;
  if (scene !== null) {
    const sides = subjectSides(machine, layout, theme);
    lastScroll = Math.max(0, ...sides.map(({ rect, all }) => all.length - rect.rows));
    const scroll = Math.min(machine.observation.scroll, lastScroll);
    for (const { rect, all } of sides) put(rect, all.slice(scroll));
    if (layout.list !== null) put(layout.list, listRows(scene, layout.list.columns, theme));
    put(layout.events, neighbourRows(scene, machine.at, layout.events.columns, theme));
    put(layout.event, eventRows(scene.event, layout.event.columns, theme));
  }
  put(layout.middleTitle, [middleTitle(machine, layout, theme)]);
  put(layout.eventTitle, [eventTitle(machine, columns, theme)]);
  for (const left of [layout.list ?? layout.subject, layout.events]) {
    put(columnAfter(left), divider(left.rows, theme));
  }
  const footer = footerRow(machine, columns, theme);
  put(layout.footer, [footer.row]);
  const cursor = footer.cursor === null ? null : { x: footer.cursor, y: layout.footer.y };
  if (!machine.help.isShown) return { composition: { panes, cursor }, layout, lastScroll };
  const help = helpPane({ columns, rows }, machine.help.scroll, theme);
  return { composition: { panes: [...panes, help.pane], cursor: null }, layout, lastScroll: help.lastScroll };
}

function tooSmall(columns: number, rows: number, theme: Theme): Shown {
  const text = `The time machine needs ${LEAST.columns}x${LEAST.rows}; this terminal has ${columns}x${rows}.`;
  const rect = { x: 0, y: 0, columns, rows: 1 };
  const pane = { rect, paint: paintRows([shortened(rowOf([piece(text, theme.error)]), columns)]) };
  return {
    composition: { panes: [ground(columns, rows, theme), pane], cursor: null },
    layout: null,
    lastScroll: 0,
  };
}

function ground(columns: number, rows: number, theme: Theme): Pane {
  const blank = padded([], columns, theme.text);
  return { rect: { x: 0, y: 0, columns, rows }, paint: paintRows(Array.from({ length: rows }, () => blank)) };
}

/** The column after a part. */
const columnAfter = ({ x, y, columns, rows }: Rect): Rect => ({ x: x + columns, y, columns: 1, rows });

const divider = (rows: number, theme: Theme): readonly Row[] =>
  Array.from({ length: rows }, () => rowOf([piece('│', theme.border)]));

function headerRow({ scene, at, end, playback, window }: TimeMachine, columns: number, theme: Theme): Row {
  const style = theme.activeBar;
  const isRead = scene?.position === at;
  const time = isRead && scene.recordedAt !== null ? `${shortTime(scene.recordedAt)} UTC` : '';
  const play = playback.isPlaying ? `▸ ${playback.speedText}` : playback.speedText;
  const parts = [`event ${counted(at)} of ${counted(end)}`, time, play, window.isZoomed ? 'zoomed' : ''];
  const right = fitting(
    parts.filter((part) => part !== ''),
    columns - 16,
  );
  return spread(rowOf([piece(' Time machine', style)]), rowOf([piece(`${right} `, style)]), columns, style);
}

interface Side {
  readonly rect: Rect;
  readonly all: readonly Row[];
}

/** The rows of the subject at the cursor, and at the other moment. */
function subjectSides({ scene, observation }: TimeMachine, layout: Layout, theme: Theme): readonly Side[] {
  if (scene === null) return [];
  const { shown, comparison } = scene;
  const differences = comparison?.differences ?? [];
  const reading = [
    rowOf([piece(scene.subject === null ? 'The log has no events yet.' : 'reading…', theme.faint)]),
  ];
  const side = (rect: Rect, one: SubjectShown | null, which: 'cursor' | 'other'): Side => ({
    rect,
    all: one === null ? reading : subjectRows(one, differences, which, rect.columns, theme),
  });
  const { subject, other } = layout;
  if (other === null || observation.other === null) return [side(subject, shown, 'cursor')];
  return [side(subject, shown, 'cursor'), side(other, comparison?.shown ?? null, 'other')];
}

function middleTitle({ scene, observation }: TimeMachine, layout: Layout, theme: Theme): Row {
  const style = theme.bar;
  const part = (text: string, { columns }: Rect, isLast: boolean): Row =>
    padded(shortened(rowOf([piece(` ${text}`, style)]), columns), columns + (isLast ? 0 : 1), style);
  const shown = scene?.shown ?? null;
  const isCurrent = scene !== null && shown?.at.position === scene.position;
  const name = shown === null ? '' : subjectTitle(shown);
  const reading = shown === null || isCurrent ? '' : ', reading…';
  if (layout.other !== null) {
    return [
      ...part(`${name} at the cursor${reading}`, layout.subject, false),
      ...part(otherTitle(scene?.comparison ?? null, observation.other), layout.other, true),
    ];
  }
  const list = scene === null ? '' : listTitle(scene);
  const follow = observation.isFollowing ? ' (follows the event)' : '';
  return [
    ...(layout.list === null ? [] : part(list, layout.list, false)),
    ...part(`${name}${follow}${reading}`, layout.subject, true),
  ];
}

function otherTitle(comparison: Comparison | null, other: number | 'now' | null): string {
  const when = other === 'now' ? 'now' : `event ${counted(other ?? 0)}`;
  if (comparison === null) return `${when}, reading…`;
  const { length } = comparison.differences;
  return `${when}: ${length === 0 ? 'no difference' : `${counted(length)} difference${length === 1 ? '' : 's'}`}`;
}

function eventTitle({ scene, at }: TimeMachine, columns: number, theme: Theme): Row {
  const style = theme.bar;
  const { event = null, pauseMs = null } = scene ?? {};
  const isCurrent = event?.position === at;
  const words = isCurrent ? ` ${event.type} in ${event.subject} by ${event.actor}` : ' Events';
  const pause =
    scene?.position === at && pauseMs !== null && pauseMs >= LONG_PAUSE_MS
      ? `then no events for ${waitingTime(pauseMs)} `
      : '';
  const left = shortened(rowOf([piece(words, style)]), Math.max(1, columns - columnsOf(pause) - 1));
  return spread(left, rowOf([piece(pause, style)]), columns, style);
}

function footerRow(
  { prompt, message, playback }: TimeMachine,
  columns: number,
  theme: Theme,
): { readonly row: Row; readonly cursor: number | null } {
  if (prompt !== null) {
    const label = prompt.kind === 'search' ? 'Search: ' : 'Go to (1234, 2026-01-31T12:00, 2h, now): ';
    const room = Math.max(2, columns - label.length - 1);
    const text = tail(prompt.text, room);
    const row = rowOf([piece(label, theme.heading), piece(text, theme.input)]);
    return { row, cursor: label.length + columnsOf(text) };
  }
  if (message !== '') return { row: shortened(rowOf([piece(message, theme.unread)]), columns), cursor: null };
  const { waitMs } = playback;
  const wait =
    waitMs !== null && waitMs >= 2_000
      ? `the next event comes in ${exactDuration(Math.ceil(waitMs / 1_000) * 1_000)}`
      : '';
  const hints = fitting(wait === '' ? HINTS : [wait, ...HINTS], columns - 1);
  return { row: rowOf([piece(cut(hints, columns), theme.faint)]), cursor: null };
}

/** The end of a text that fits. */
function tail(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const letters = Array.from(text);
  while (letters.length > 0 && columnsOf(`…${letters.join('')}`) > columns) letters.shift();
  return `…${letters.join('')}`;
}
