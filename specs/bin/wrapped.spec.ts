// The wrapping of command-line output, in a terminal and in a pipe.
import test from 'ava';
import { wrapped } from '../../bin/wrapped.js';

const SENTENCE =
  'End that program, or choose another port: --broker-port N, or --broker-port 0 for any free port.';

test('wrapped: given a terminal, then a sentence is broken at blanks, and its later rows are indented', (t) => {
  t.is(
    wrapped(SENTENCE, { isTTY: true, columns: 60 }, 2),
    'End that program, or choose another port: --broker-port N,\n  or --broker-port 0 for any free port.',
  );
});

test('wrapped: given a pipe, then a sentence stays on one line', (t) => {
  t.is(wrapped(SENTENCE, { columns: 60 }, 2), SENTENCE);
});

test('wrapped: a word wider than the terminal stays whole, and so does a line that fits', (t) => {
  const path = `/${'x'.repeat(90)}`;
  t.is(wrapped(`See ${path} now.`, { isTTY: true, columns: 60 }), `See\n${path}\nnow.`);
  t.is(wrapped('It fits.', { isTTY: true, columns: 60 }), 'It fits.');
});

test('wrapped: given a terminal of unknown width, then it counts as 80 columns wide', (t) => {
  const rows = wrapped(SENTENCE, { isTTY: true, columns: 0 }).split('\n');
  t.deepEqual(
    rows.map((row) => row.length <= 80),
    [true, true],
  );
});
