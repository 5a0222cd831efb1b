// The rows of the timeline: the density of events in each column, the marks of its events, and the times at its ends. Pure.
import { type Row, rowOf } from '../../../screen/paint/row.js';
import { type Piece, piece, type Style } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { Timeline } from '../reads.js';
import { shortTime } from './text.js';

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const FULL = BARS.length - 1;
const NO_EVENTS = ' no events ';
/** The columns around the label of a gap. */
const GAP_MARGIN = 4;

/** The column with the event at a position; null if the timeline does not show it. */
function columnOf({ ends, before }: Timeline, position: number): number | null {
  if (position === 0 && before === 0) return 0;
  if (position <= before) return null;
  const column = ends.findIndex((end) => end >= position);
  return column < 0 ? null : column;
}

/** @param rows at least 3: the densities, the marks and the times */
export function timelineRows(
  timeline: Timeline,
  position: number,
  rows: number,
  theme: Theme,
): readonly Row[] {
  const columns = timeline.ends.length;
  const cursor = columnOf(timeline, position);
  const counts = timeline.ends.map((end, index) => end - (timeline.ends[index - 1] ?? timeline.before));
  const gaps = gapLabels(counts);
  const height = rows - 2;
  const most = Math.max(1, ...counts);
  const densities = Array.from({ length: height }, (_, row) =>
    rowOf(
      counts.map((count, column): Piece => {
        const style = column === cursor ? theme.selected : count === 0 ? theme.faint : theme.good;
        const isLowest = row === height - 1;
        if (count === 0) return piece(isLowest ? (gaps[column] ?? '·') : ' ', style);
        return piece(barOf(count, most, height, row), style);
      }),
    ),
  );
  const marks = timeline.marks.map((mark, column): Piece => {
    const ground: Style = column === cursor ? theme.selected : theme.text;
    if (mark.hasRemoval) return piece('✗', column === cursor ? ground : theme.bad);
    if (mark.hasAdminChange) return piece('●', column === cursor ? ground : theme.unread);
    return column === cursor ? piece('↑', theme.unread) : piece(' ', theme.text);
  });
  return [...densities, rowOf(marks), timesRow(timeline, columns, theme)];
}

/** The part of a column's bar in one row, from the top. The scale is a square root, so that few events are seen beside many. */
function barOf(count: number, most: number, height: number, row: number): string {
  const level = Math.max(1, Math.round(height * FULL * Math.sqrt(count / most)));
  const inRow = level - (height - 1 - row) * FULL;
  return BARS[Math.max(0, Math.min(FULL, inRow))] ?? ' ';
}

/** The letters of a label in the middle of each long gap; undefined elsewhere. */
function gapLabels(counts: readonly number[]): readonly (string | undefined)[] {
  const letters = counts.map((): string | undefined => undefined);
  for (let start = 0; start < counts.length; ) {
    let end = start;
    while (end < counts.length && counts[end] === 0) end += 1;
    const length = end - start;
    if (length >= NO_EVENTS.length + GAP_MARGIN) {
      const at = start + Math.floor((length - NO_EVENTS.length) / 2);
      for (const [index, letter] of Array.from(NO_EVENTS).entries()) letters[at + index] = letter;
    }
    start = Math.max(end, start + 1);
  }
  return letters;
}

function timesRow({ from, to }: Timeline, columns: number, theme: Theme): Row {
  const [start, end] = [shortTime(from), shortTime(to)];
  return rowOf([
    piece(start + ' '.repeat(Math.max(0, columns - start.length - end.length)) + end, theme.faint),
  ]);
}
