// The cost of one more line: appended to the scrollback, wrapped, painted into a window, and encoded for a terminal.
import { changes, Frame } from '../../screen/paint/frame.js';
import { paintRows } from '../../screen/paint/composition.js';
import { Timelines } from '../../client/dashboard/model/timelines.js';
import { themes } from '../../screen/paint/theme.js';
import { systemClock } from '../../core/time/clock.js';
import { type Figure, microseconds, times } from '../figures.js';
import { lineText } from '../dashboard-process.js';

const LINES = 100_000;
const PART = 10_000;
const PLACE = { x: 0, y: 0, columns: 66, rows: 22 } as const;

export function lineCosts(): Figure {
  // A warm-up, so that compilation is not measured.
  printed(PART);
  const costs = printed(LINES);
  const [first = Number.NaN] = costs;
  const last = costs.at(-1) ?? Number.NaN;
  return {
    what: `a line appended and painted, of ${LINES.toLocaleString('en')} the last ${PART.toLocaleString('en')}`,
    measured: microseconds(last),
    limit: `${microseconds(first)} the first ${PART.toLocaleString('en')}`,
    ratio: times(last, first),
  };
}

/** Milliseconds per line, for each part. */
function printed(lines: number): readonly number[] {
  const timelines = new Timelines(themes.dark, systemClock, () => 'alice');
  let shown = Frame.unknown(PLACE.columns, PLACE.rows);
  const costs: number[] = [];
  let start = performance.now();
  for (let number = 1; number <= lines; number += 1) {
    const message = {
      conversation: '#lobby',
      from: number % 3 === 0 ? 'carol' : 'bob',
      id: String(number),
      text: lineText(number),
      spans: [],
      link: 'tcp',
      at: number,
    } as const;
    timelines.addMessage(message, false);
    const frame = Frame.blank(PLACE.columns, PLACE.rows);
    paintRows(timelines.of('#lobby').rows(null, PLACE.columns, PLACE.rows))(frame, PLACE);
    changes(shown, frame, null, 'true');
    shown = frame;
    if (number % PART === 0) {
      costs.push((performance.now() - start) / PART);
      start = performance.now();
    }
  }
  return costs;
}
