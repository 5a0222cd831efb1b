import test from 'ava';
import * as fc from 'fast-check';
import { colourCode, depthOf } from '../../../screen/paint/colour.js';
import { changes, Frame } from '../../../screen/paint/frame.js';
import { rowOf } from '../../../screen/paint/row.js';
import { piece, type Style } from '../../../screen/paint/style.js';
import { EmulatedScreen } from '../../support/terminals/emulated-screen.js';
import { holds } from '../../support/property.js';

const COLUMNS = 12;
const ROWS = 3;

const frameOf = (lines: readonly string[], style: Style = {}): Frame => {
  const frame = Frame.blank(COLUMNS, ROWS);
  for (const [y, line] of lines.entries()) frame.put(0, y, rowOf([piece(line, style)]), COLUMNS);
  return frame;
};

test('frame: given a screen with unknown content, then every cell is written', async (t) => {
  const screen = new EmulatedScreen(COLUMNS, ROWS);
  await screen.write('old content of the screen');
  await screen.write(changes(Frame.unknown(COLUMNS, ROWS), frameOf(['hi 日本', '', '👍🏽|']), null, 'true'));
  t.deepEqual(screen.lines, ['hi 日本', '', '👍🏽|']);
});

test('frame: only changed cells are written, inside one synchronized update', (t) => {
  const written = changes(frameOf(['hello', 'same']), frameOf(['hallo', 'same']), { x: 1, y: 2 }, 'true');
  t.is(
    written,
    '\u001b[?2026h\u001b[?25l\u001b[?7l\u001b[1;2Ha\u001b[3;2H\u001b[?25h\u001b[?7h\u001b[?2026l',
  );
});

test('frame: bold, italics, underline, colours and links reach the cells', async (t) => {
  const style: Style = {
    isBold: true,
    isItalic: true,
    isUnderlined: true,
    fg: '#ff8800',
    bg: '#102030',
    link: 'https://a.example/',
  };
  const written = changes(Frame.blank(COLUMNS, ROWS), frameOf(['x'], style), null, 'true');
  const screen = new EmulatedScreen(COLUMNS, ROWS);
  await screen.write(written);
  const cell = screen.cell(0, 0);
  t.true(cell.isBold && cell.isItalic && cell.isUnderlined);
  t.is(cell.fg, '#ff8800');
  t.is(cell.bg, '#102030');
  t.regex(written, /\u001b\]8;id=\w+;https:\/\/a\.example\/\u001b\\x\u001b\]8;;\u001b\\/);
});

test('frame: after any change of text, the terminal shows the new text', async (t) => {
  const some = ['a', ' ', '日', '👍🏽', 'e\u0301', '🇩🇪', '❤️', '|'];
  const line = fc.array(fc.constantFrom(...some), { maxLength: 8 }).map((texts) => texts.join(''));
  const lines = fc.array(line, { minLength: ROWS, maxLength: ROWS });
  await holds(
    t,
    fc.asyncProperty(fc.array(lines, { minLength: 2, maxLength: 5 }), async (frames) => {
      const screen = new EmulatedScreen(COLUMNS, ROWS);
      let old = Frame.unknown(COLUMNS, ROWS);
      for (const next of frames) {
        const frame = frameOf(next);
        await screen.write(changes(old, frame, null, 'true'));
        const shown = frame.cells.map((cells) =>
          cells
            .map(({ text }) => text)
            .join('')
            .trimEnd(),
        );
        if (screen.lines.join('\n') !== shown.join('\n')) return false;
        old = frame;
      }
      return true;
    }),
    { numRuns: 60 },
  );
});

test('frame: a wide grapheme that does not fit at the edge is omitted', (t) => {
  const frame = Frame.blank(3, 1);
  frame.put(0, 0, rowOf([piece('ab日', {})]), 3);
  t.deepEqual(
    frame.cells[0]?.map(({ text }) => text),
    ['a', 'b', ' '],
  );
});

test('colour: the environment determines the number of colours', (t) => {
  t.is(depthOf({ TERM: 'xterm-256color' }), '256');
  t.is(depthOf({ TERM: 'xterm-256color', COLORTERM: 'truecolor' }), 'true');
  t.is(depthOf({ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }), 'none');
  t.is(depthOf({ TERM: 'linux' }), '16');
  t.is(depthOf({ TERM: 'vt100' }), 'none');
  t.is(depthOf({ TERM: 'xterm-kitty' }), 'true');
});

test('colour: a colour becomes the nearest one that the terminal has', (t) => {
  t.is(colourCode('#ff8800', 'fg', 'true'), '38;2;255;136;0');
  t.is(colourCode('#ff0000', 'fg', '256'), '38;5;196');
  t.is(colourCode('#808080', 'bg', '256'), '48;5;244');
  t.is(colourCode('#ff4040', 'fg', '16'), '91');
  t.is(colourCode('#000000', 'bg', '16'), '40');
  t.is(colourCode('#ff8800', 'fg', 'none'), '');
});
