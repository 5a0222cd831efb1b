import test from 'ava';
import { Bursts } from '../../../screen/keys/bursts.js';
import { PacedInput } from '../../support/terminals/paced-input.js';

const ESC = '\u001b';

type Read = readonly [afterMs: number, bytes: string];

/** The events that take effect after `reads`: keys by name, pastes with Enter as `[text]`. */
function judged(reads: readonly Read[], marksPastes = false): readonly string[] {
  let now = 0;
  const parser = new PacedInput();
  const bursts = new Bursts(
    () => now,
    () => marksPastes,
  );
  return reads.flatMap(([afterMs, bytes]) => {
    now += afterMs;
    const events = bursts.judge(parser.read(bytes));
    bursts.end();
    return events.map((event) => {
      if (event.kind === 'key') return event.key;
      if (event.kind === 'line') return `${event.text}⏎`;
      if (event.kind === 'paste' && event.hasEnter) return `[${event.text}]`;
      return 'text' in event ? event.text : event.kind;
    });
  });
}

const CASES: readonly (readonly [what: string, reads: readonly Read[], effects: readonly string[]])[] = [
  [
    'an Enter that is typed after text',
    [
      [0, 'h'],
      [80, 'i'],
      [80, '\r'],
    ],
    ['h', 'i', 'enter'],
  ],
  [
    'an Enter alone',
    [
      [0, '\r'],
      [1, '\r'],
    ],
    ['enter', 'enter'],
  ],
  ['an Enter in the same read as text', [[0, 'hello\r']], ['[hello\n]']],
  ['an Enter in the same read as one letter', [[0, 'y\r']], ['[y\n]']],
  ['lines that are not marked as a paste', [[0, '\r/topic hacked\rmore\r']], ['[\n/topic hacked\nmore\n]']],
  ['line feeds that are not marked as a paste', [[0, 'one\ntwo\r']], ['[one\ntwo\n]']],
  [
    'a paste that contains the end mark and an Enter',
    [[0, `${ESC}[200~notes ${ESC}[201~\r/topic hacked\r${ESC}[201~`]],
    ['[notes \n/topic hacked\n]', '201~'],
  ],
  [
    'an Enter less than 30 ms after a paste',
    [
      [0, `${ESC}[200~notes${ESC}[201~`],
      [29, '\r'],
    ],
    ['notes', '[\n]'],
  ],
  [
    'an Enter 30 ms after a paste',
    [
      [0, `${ESC}[200~notes${ESC}[201~`],
      [30, '\r'],
    ],
    ['notes', 'enter'],
  ],
  [
    'an Enter less than 30 ms after a burst of text',
    [
      [0, 'hello'],
      [29, '\r'],
    ],
    ['hello', '[\n]'],
  ],
  [
    'an Enter 30 ms after a burst of text',
    [
      [0, 'hello'],
      [30, '\r'],
    ],
    ['hello', 'enter'],
  ],
  [
    'letters without pauses, as over a serial line',
    [
      [0, 'h'],
      [1, 'i'],
      [1, '\r'],
    ],
    ['h', 'i', '[\n]'],
  ],
  [
    'a second Enter within 30 ms',
    [
      [0, 'hello\r'],
      [20, '\r'],
      [30, '\r'],
    ],
    ['[hello\n]', '[\n]', 'enter'],
  ],
  ['keys in a read with text', [[0, `${ESC}xtopic\r`]], ['M-x', '[topic\n]']],
  ['a mouse report before an Enter', [[0, `${ESC}[<0;1;1M\r`]], ['mouse', 'enter']],
];
for (const [what, reads, effects] of CASES) {
  test(`bursts: ${what}: ${JSON.stringify(effects)}`, (t) => t.deepEqual(judged(reads), effects));
}

/** The cases with other effects on a terminal that marks pastes. All other cases of `CASES` have the same effects on it. */
const WITH_MARKS: typeof CASES = [
  ['an Enter in the same read as text', [[0, 'hello\r']], ['hello⏎']],
  ['an Enter in the same read as one letter', [[0, 'y\r']], ['y⏎']],
  [
    'an Enter less than 30 ms after a burst of text',
    [
      [0, 'hello'],
      [29, '\r'],
    ],
    ['hello', 'enter'],
  ],
  [
    'letters without pauses, as over a serial line',
    [
      [0, 'h'],
      [1, 'i'],
      [1, '\r'],
    ],
    ['h', 'i', 'enter'],
  ],
  [
    'a second Enter within 30 ms',
    [
      [0, 'hello\r'],
      [20, '\r'],
    ],
    ['hello⏎', 'enter'],
  ],
  ['keys in a read with text', [[0, `${ESC}xtopic\r`]], ['M-x', 'topic⏎']],
];
for (const [what, reads, effects] of [
  ...CASES.filter(([what]) => !WITH_MARKS.some(([one]) => one === what)),
  ...WITH_MARKS,
]) {
  test(`bursts: on a terminal that marks pastes, ${what}: ${JSON.stringify(effects)}`, (t) =>
    t.deepEqual(judged(reads, true), effects));
}
for (const [what, reads] of [
  ['a line break within the text', [[0, 'one\rtwo\r']]],
  ['a line feed within the text', [[0, 'one\ntwo\r']]],
  ['a line break before the text', [[0, '\rtwo\r']]],
  ['two Enters after the text', [[0, 'one\r\r']]],
  ['a long text', [[0, `${'x'.repeat(1_025)}\r`]]],
  ['a paste in the same read', [[0, `${ESC}[200~a${ESC}[201~b\r`]]],
  [
    'a paste less than 30 ms before',
    [
      [0, `${ESC}[200~a${ESC}[201~`],
      [29, 'b\r'],
    ],
  ],
] as const satisfies readonly (readonly [what: string, reads: readonly Read[]])[]) {
  test(`bursts: on a terminal that marks pastes, given ${what}, then nothing is entered`, (t) => {
    t.notRegex(judged(reads, true).join(' '), /enter|⏎/);
  });
}

test('bursts: the 30 ms after a burst begin again when the screen shows it', (t) => {
  let now = 0;
  const bursts = new Bursts(
    () => now,
    () => false,
  );
  const enter = [{ kind: 'key', key: 'enter' }] as const;
  bursts.judge([{ kind: 'text', text: 'hello' }]);
  bursts.end();
  now = 100;
  bursts.seen();
  now = 129;
  t.is(bursts.judge(enter)[0]?.kind, 'paste');
  now = 200;
  bursts.seen();
  now = 230;
  t.deepEqual(bursts.judge(enter), enter);
});
