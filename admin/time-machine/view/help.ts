// The help: the keys and the marks, in a box over the screen. Pure.
import { fitted } from '../../../screen/paint/grapheme.js';
import { type Pane, paintRows, type Rect } from '../../../screen/paint/composition.js';
import { padded, type Row, rowOf, wrapped } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { keyRows } from '../keys.js';

const KEY_COLUMNS = 16;
const BOX_COLUMNS = 72;
const BORDERS = 4;

const MARKS: readonly (readonly [mark: string, meaning: string])[] = [
  ['▁ to █', 'few to many events'],
  ['●', 'a change of admins'],
  ['✗', 'a removal, a ban or a disabled account'],
  ['·', 'no events: nothing happened, or the tracker was stopped'],
  ['+ - ~', 'in a comparison: only on this side, only on this side, another value'],
];

function helpRows(columns: number, theme: Theme): readonly Row[] {
  const title = (text: string): Row => rowOf([piece(text, { ...theme.overlay, isBold: true })]);
  const line = (term: string, meaning: string): readonly Row[] =>
    wrapped([piece(meaning, theme.overlay)], Math.max(2, columns - KEY_COLUMNS)).map((row, index) => [
      ...rowOf([piece(fitted(index === 0 ? term : '', KEY_COLUMNS), { ...theme.overlay, isBold: true })]),
      ...row,
    ]);
  return [
    ...keyRows.flatMap(({ title: group, rows }) => [
      title(group),
      ...rows.flatMap(({ keys, effect }) => line(keys.join(' '), effect)),
      [],
    ]),
    title('Mouse'),
    ...line('timeline', 'click or drag to move the cursor; the wheel steps from column to column'),
    ...line('lists', 'click to choose; the wheel selects or steps'),
    [],
    title('Marks'),
    ...MARKS.flatMap(([mark, meaning]) => line(mark, meaning)),
  ];
}

/** The box, and the greatest scroll that shows something. */
export function helpPane(
  screen: { readonly columns: number; readonly rows: number },
  scroll: number,
  theme: Theme,
): { readonly pane: Pane; readonly lastScroll: number } {
  const columns = Math.min(BOX_COLUMNS, screen.columns - 2);
  const rows = screen.rows - 2;
  const rect: Rect = { x: Math.floor((screen.columns - columns) / 2), y: 1, columns, rows };
  const inner = columns - BORDERS;
  const all = helpRows(inner, theme);
  const height = rows - 2;
  const lastScroll = Math.max(0, all.length - height);
  const shown = all.slice(Math.min(scroll, lastScroll)).slice(0, height);
  const edge = (left: string, label: string, right: string): Row =>
    rowOf([
      piece(
        `${left}─ ${label} ${'─'.repeat(Math.max(0, columns - label.length - BORDERS - 1))}${right}`,
        theme.overlay,
      ),
    ]);
  const body = Array.from(
    { length: height },
    (_, index): Row => [
      ...rowOf([piece('│ ', theme.overlay)]),
      ...padded(shown[index] ?? [], inner, theme.overlay),
      ...rowOf([piece(' │', theme.overlay)]),
    ],
  );
  const more = lastScroll > 0 ? '↑ ↓ scroll, Esc closes' : 'Esc closes';
  return {
    pane: { rect, paint: paintRows([edge('┌', 'Help', '┐'), ...body, edge('└', more, '┘')]) },
    lastScroll,
  };
}
