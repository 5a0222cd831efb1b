import test from 'ava';
import { type WrongClock, wrongClock } from '../../../../client/chat/diagnostics/clocks.js';

const DAY = 86_400_000;

/**
 * By how much the tracker's clock is ahead of this machine's clock (`own`) and of the other people's clocks (`others`), in ms.
 */
const cases: readonly (readonly [own: number, others: readonly number[], wrong: WrongClock])[] = [
  [0, [], 'none'],
  [120_000, [0, 0], 'none'],
  [0, [DAY, DAY, DAY], 'none'],
  [DAY, [], 'undecided'],
  [DAY, [DAY], 'tracker'],
  [DAY, [DAY + 50_000, DAY - 50_000, 0], 'tracker'],
  [-DAY, [0], 'machine'],
  [-DAY, [0, 30_000, -DAY], 'machine'],
  [DAY, [0, DAY], 'undecided'],
  [DAY, [-DAY, 7 * DAY], 'undecided'],
  [DAY, [0, -DAY, 7 * DAY], 'undecided'],
  [DAY, [-DAY, -DAY, -DAY], 'undecided'],
];

for (const [own, others, wrong] of cases) {
  test(`clocks: given a tracker ${own} ms ahead of here and ${JSON.stringify(others)} ahead of the others, then the wrong clock is: ${wrong}`, (t) => {
    t.is(wrongClock(own, others), wrong);
  });
}
