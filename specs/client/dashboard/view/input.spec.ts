import test from 'ava';
import { Editor } from '../../../../client/dashboard/input/editor/editor.js';
import { InputHistory } from '../../../../client/dashboard/input/editor/history.js';
import { themes } from '../../../../screen/paint/theme.js';
import { inputRowsOf, inputView } from '../../../../client/dashboard/view/input.js';

const COLUMNS = 14;

function view(text: string, back = 0, most = 6) {
  const editor = new Editor(new InputHistory());
  editor.insert(text);
  for (let step = 0; step < back; step += 1) editor.act('move-left');
  const rows = Math.min(most, inputRowsOf(editor.draft, '#a> ', COLUMNS));
  const shown = inputView(editor.draft, null, '#a> ', { columns: COLUMNS, rows }, themes.dark);
  return { rows: shown.rows.map((row) => row.map((letter) => letter.text).join('')), cursor: shown.cursor };
}

test('input: a long line continues in the next row, and so does the cursor', (t) => {
  t.deepEqual(view('short'), { rows: ['#a> short'], cursor: { x: 9, y: 0 } });
  t.deepEqual(view('123456789'), { rows: ['#a> 123456789'], cursor: { x: 13, y: 0 } });
  t.deepEqual(view('1234567890'), { rows: ['#a> 123456789', '    0'], cursor: { x: 5, y: 1 } });
  t.deepEqual(view('1234567890', 1).cursor, { x: 4, y: 1 });
  t.deepEqual(view('1234567890', 2).cursor, { x: 12, y: 0 });
  t.deepEqual(view('日本語日本').rows, ['#a> 日本語日', '    本'], 'nothing is cut in two');
});

test('input: a line break is marked, and the rows around the cursor are shown', (t) => {
  t.deepEqual(view('one\ntwo 567890').rows, ['#a> one', '   ·two 56789', '    0']);
  const { rows, cursor } = view(`${'x'.repeat(70)}END`);
  t.is(rows.length, 6);
  t.is(rows.at(-1), '    D');
  t.deepEqual(cursor, { x: 5, y: 5 });
});

test('input: a single row scrolls sideways, so that the cursor is visible', (t) => {
  t.deepEqual(view('1234567890ab', 0, 1), { rows: ['#a> 4567890ab'], cursor: { x: 13, y: 0 } });
});
