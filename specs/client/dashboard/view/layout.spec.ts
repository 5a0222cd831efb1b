import test from 'ava';
import * as fc from 'fast-check';
import {
  type Arrangement,
  type Split,
  windowsIn,
  withoutWindow,
  withWindow,
} from '../../../../client/dashboard/view/arrangement.js';
import { isWithin } from '../../../../screen/paint/composition.js';
import { layoutOf } from '../../../../client/dashboard/view/layout.js';

const beside = (...parts: Arrangement[]): Arrangement => ({ split: 'beside', parts });
const stacked = (...parts: Arrangement[]): Arrangement => ({ split: 'stacked', parts });

test('arrangement: a new window takes half of the active window, and comes next in order', (t) => {
  const two = withWindow('window', 0, 'beside');
  t.deepEqual(two, beside('window', 'window'));
  t.deepEqual(withWindow(two, 0, 'beside'), beside('window', 'window', 'window'));
  const mixed = withWindow(two, 1, 'stacked');
  t.deepEqual(mixed, beside('window', stacked('window', 'window')));
  t.deepEqual(withWindow(mixed, 2, 'stacked'), beside('window', stacked('window', 'window', 'window')));
  t.deepEqual(
    withWindow(mixed, 0, 'stacked'),
    beside(stacked('window', 'window'), stacked('window', 'window')),
  );
});

test('arrangement: the windows around a closed window take its space, and the last window stays', (t) => {
  const mixed = beside('window', stacked('window', beside('window', 'window')));
  t.deepEqual(withoutWindow(mixed, 0), stacked('window', beside('window', 'window')));
  t.deepEqual(withoutWindow(mixed, 1), beside('window', 'window', 'window'));
  t.deepEqual(withoutWindow(mixed, 3), beside('window', stacked('window', 'window')));
  t.is(withoutWindow(beside('window', 'window'), 1), 'window');
  t.is(withoutWindow('window', 0), 'window');
});

const rects = (arrangement: Arrangement, columns: number, rows: number) =>
  layoutOf(columns, rows, {
    arrangement,
    active: 1,
    inputRows: 1,
    problemRows: 0,
    hasMembers: () => false,
  })?.windows.map(({ index, rect }) => [index, rect.x, rect.y, rect.columns, rect.rows]);

test('layout: windows are side by side or stacked as requested, in further rows if too narrow, else all stacked, else the active one alone', (t) => {
  const mixed = beside('window', stacked('window', 'window'));
  t.deepEqual(rects(mixed, 80, 24), [
    [0, 21, 0, 29, 21],
    [1, 51, 0, 29, 10],
    [2, 51, 10, 29, 11],
  ]);
  t.deepEqual(rects(mixed, 60, 16), [
    [0, 17, 0, 43, 4],
    [1, 17, 4, 43, 4],
    [2, 17, 8, 43, 5],
  ]);
  const four = beside('window', 'window', 'window', 'window');
  t.deepEqual(
    rects(four, 80, 24)?.map(([, x, y]) => [x, y]),
    [
      [21, 0],
      [51, 0],
      [21, 10],
      [51, 10],
    ],
  );
  t.deepEqual(
    rects(four, 320, 60)?.map(([, , y]) => y),
    [0, 0, 0, 0],
  );
  t.deepEqual(rects(four, 60, 16), [[1, 17, 0, 43, 13]]);
});

test('layout: after any splits, each cell belongs to exactly one window, divider or the sidebar', (t) => {
  const step = fc.record({
    at: fc.nat(3),
    split: fc.constantFrom<Split>('beside', 'stacked'),
    isOpened: fc.boolean(),
  });
  const property = fc.property(
    fc.array(step, { maxLength: 12 }),
    fc.integer({ min: 60, max: 260 }),
    fc.integer({ min: 16, max: 70 }),
    (steps, columns, rows) => {
      let arrangement: Arrangement = 'window';
      let count = 1;
      for (const { at, split, isOpened } of steps) {
        if (isOpened && count < 4) {
          arrangement = withWindow(arrangement, at % count, split);
          count += 1;
        } else if (!isOpened && count > 1) {
          arrangement = withoutWindow(arrangement, at % count);
          count -= 1;
        }
      }
      if (windowsIn(arrangement) !== count) return false;
      const layout = layoutOf(columns, rows, {
        arrangement,
        active: 0,
        inputRows: 1,
        problemRows: 0,
        hasMembers: () => false,
      });
      if (layout === null) return false;
      const all = [...layout.windows.map(({ rect }) => rect), ...layout.dividers, layout.sidebar];
      for (let y = 0; y < rows - 3; y += 1) {
        for (let x = 0; x < columns; x += 1) {
          if (all.filter((rect) => isWithin(rect, { x, y })).length !== 1) return false;
        }
      }
      return layout.windows.every(({ rect }) => rect.columns >= 28 && rect.rows >= 4);
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 100 }));
});

test('layout: given a problem of the line that was entered, then the windows are lower, and nothing is covered', (t) => {
  const request = { arrangement: 'window', active: 0, inputRows: 1, hasMembers: () => false } as const;
  const layout = layoutOf(80, 24, { ...request, problemRows: 2 });
  t.like(layout, { problem: { y: 19, rows: 2 }, status: { y: 21 }, input: { y: 22 }, hint: { y: 23 } });
  t.is(layout?.windows[0]?.rect.rows, 19);
  t.is(layoutOf(80, 24, { ...request, problemRows: 99 })?.problem.rows, 6);
});
