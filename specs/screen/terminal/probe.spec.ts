import test from 'ava';
import { PROBE, Probe } from '../../../screen/terminal/probe.js';

const CURSORS = PROBE.split('\u001b[6n').length - 1;

/** A probe that has measured all samples, with the same width for each. */
function answered(columns: number, count = CURSORS): Probe {
  const probe = new Probe();
  for (let sample = 0; sample < count; sample += 1) probe.accept({ kind: 'cursor', x: columns, y: 1 });
  return probe;
}

test('probe: given all answers, then the widths are known', (t) => {
  const probe = answered(1);
  t.true(probe.isPending);
  t.deepEqual(probe.traits.widths, {});
  probe.accept({ kind: 'attributes' });
  t.false(probe.isPending);
  t.like(probe.traits, { widths: { ambiguous: 1, symbol: 1, conjunct: 0, vowelAm: 0 }, isUtf8: true });
  t.is(probe.traits.widths.joined, undefined, 'a sample of two emoji is never one column wide');
  t.is(probe.traits.marks.get('│'), 1);
});

test('probe: given a terminal that answers only some queries, then no width is known', (t) => {
  const probe = answered(1, 3);
  probe.accept({ kind: 'attributes' });
  t.like(probe.traits, { widths: {}, isUtf8: null });
  t.is(probe.traits.marks.size, 0);
});

test('probe: given a terminal that shows each byte of UTF-8, then this is known', (t) => {
  const probe = answered(2);
  probe.accept({ kind: 'attributes' });
  t.like(probe.traits, { widths: {}, isUtf8: false });
});

for (const [red, green, blue, background] of [
  [0, 0, 0, 'dark'],
  [1, 1, 1, 'light'],
  [0.99, 0.96, 0.89, 'light'],
  [0, 0.17, 0.21, 'dark'],
  [0, 0, 1, 'dark'],
  [0.2, 0.8, 0.2, 'light'],
] as const) {
  test(`probe: a background of ${red}, ${green}, ${blue} is ${background}`, (t) => {
    const probe = new Probe();
    probe.accept({ kind: 'background', red, green, blue });
    t.is(probe.traits.background, background);
  });
}
