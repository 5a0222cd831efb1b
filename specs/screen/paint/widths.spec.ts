import test from 'ava';
import { PacedInput } from '../../support/terminals/paced-input.js';
import { unmeasured } from '../../../screen/paint/charset.js';
import { changes, Frame } from '../../../screen/paint/frame.js';
import { columnsOf, graphemesOf, useCharset } from '../../../screen/paint/grapheme.js';
import { rowOf } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import { PROBE, Probe, type TerminalTraits } from '../../../screen/terminal/probe.js';
import { reportOf } from '../../../screen/terminal/reports.js';
import { graphemes } from '../../support/graphemes.js';
import { EmulatedScreen } from '../../support/terminals/emulated-screen.js';
import { widthTables } from '../../support/terminals/width-tables.js';

const COLUMNS = 40;
const ROWS = 6;

async function probed(screen: EmulatedScreen): Promise<TerminalTraits> {
  const probe = new Probe();
  const parser = new PacedInput();
  screen.onReply((bytes) => {
    for (const event of parser.read(bytes)) {
      const report = event.kind === 'report' ? reportOf(event) : null;
      if (report !== null) probe.accept(report);
    }
  });
  await screen.write(PROBE);
  return probe.traits;
}

/** Frames that hold all graphemes. From row to row they start at different columns, with or without letters between them. */
function* framesOf(): Generator<Frame> {
  const count = Math.ceil(graphemes.length / 9);
  for (let start = 0; start < count; start += 1) {
    const frame = Frame.blank(COLUMNS, ROWS);
    for (let y = 0; y < ROWS; y += 1) {
      const some = Array.from(
        { length: 9 },
        (_, index) => graphemes[(start + y * count + index * 7) % graphemes.length],
      );
      const text = `${'abcdefgh'.slice(0, (start + y) % 8)}${some.join((start + y) % 2 === 0 ? 'x' : '')}yz`;
      frame.put(0, y, rowOf([piece(text, {})]), COLUMNS);
    }
    yield frame;
  }
}

/** Each row with its cells separated. */
const cellsOf = (screen: EmulatedScreen): readonly string[] =>
  Array.from({ length: ROWS }, (_, y) => screen.texts(y).join('\u2502'));

/** Letters of the frame that are in another column of the screen. */
function misplaced(frame: Frame, screen: EmulatedScreen): readonly string[] {
  return frame.cells.flatMap((cells, y) => {
    const texts = screen.texts(y);
    return cells.flatMap(({ text }, x) =>
      /^[a-z]$/.test(text) && texts[x] !== text ? [`${text}: ${x}, ${y}`] : [],
    );
  });
}

for (const table of widthTables) {
  for (const isMeasured of [true, false]) {
    test.serial(
      `widths: given ${graphemes.length} graphemes on a terminal with the width table "${table.version}" that was ${isMeasured ? '' : 'not '}measured, then a redraw changes nothing, and all letters are in their columns`,
      async (t) => {
        t.teardown(() => useCharset(unmeasured));
        const screen = new EmulatedScreen(COLUMNS, ROWS, table);
        const { widths, marks } = await probed(screen);
        useCharset(isMeasured ? { toAscii: null, widths, marks } : unmeasured);
        const redrawn = new EmulatedScreen(COLUMNS, ROWS, table);
        const unknown = Frame.unknown(COLUMNS, ROWS);
        let old = unknown;
        for (const frame of framesOf()) {
          await screen.write(changes(old, frame, null, 'none'));
          await redrawn.write(changes(unknown, frame, null, 'none'));
          t.deepEqual(cellsOf(screen), cellsOf(redrawn));
          t.deepEqual(misplaced(frame, screen), []);
          old = frame;
        }
      },
    );
  }

  test.serial(
    `widths: given a terminal with the width table "${table.version}" that was measured, then every grapheme is complete between its neighbours`,
    async (t) => {
      t.teardown(() => useCharset(unmeasured));
      const screen = new EmulatedScreen(COLUMNS, ROWS, table);
      const { widths, marks } = await probed(screen);
      useCharset({ toAscii: null, widths, marks });
      let old = Frame.unknown(COLUMNS, ROWS);
      const lost: string[] = [];
      for (const grapheme of graphemes) {
        const frame = Frame.blank(COLUMNS, ROWS);
        frame.put(0, 2, rowOf([piece(`[${grapheme}]`, {})]), COLUMNS);
        await screen.write(changes(old, frame, null, 'none'));
        const [shown] = graphemesOf(grapheme);
        if (screen.lines[2]?.replaceAll(' ', '') !== `[${shown?.text}]`) lost.push(grapheme);
        old = frame;
      }
      t.deepEqual(lost, []);
    },
  );
}

test.serial(
  'widths: a terminal that was measured decides the columns of text, one that was not gets enough for most terminals',
  (t) => {
    t.teardown(() => useCharset(unmeasured));
    const cases: readonly (readonly [text: string, usual: number, old: number])[] = [
      ['❤️', 2, 1],
      ['กำ', 2, 2],
      ['क्षि', 3, 3],
      ['👩‍👩‍👧‍👦', 2, 8],
      ['👍🏽', 2, 4],
      ['🇩🇪', 2, 2],
      ['§', 1, 2],
      ['日', 2, 2],
      ['ö', 1, 1],
    ];
    for (const [text, usual] of cases) t.is(columnsOf(text), usual, text);
    const widths = { symbol: 1, joined: 2, modifier: 2, ambiguous: 2 } as const;
    useCharset({ toAscii: null, widths, marks: new Map() });
    for (const [text, , old] of cases) t.is(columnsOf(text), old, text);
  },
);

test.serial('widths: a mark that the terminal shows in two columns is replaced by an ASCII mark', (t) => {
  t.teardown(() => useCharset(unmeasured));
  useCharset({
    toAscii: null,
    widths: {},
    marks: new Map([
      ['│', 2],
      ['●', 1],
    ]),
  });
  t.deepEqual(
    graphemesOf('│●').map(({ text }) => text),
    ['|', '●'],
  );
});
