import test from 'ava';
import * as fc from 'fast-check';
import type { InputEvent } from '../../../screen/keys/parser.js';
import { holds } from '../../support/property.js';
import { awaitsAnswers, PacedInput } from '../../support/terminals/paced-input.js';

/** Longer than the parser waits for the rest of a sequence after an escape. */
const PAUSE_MS = 60;
/** Longer than the parser waits for the end of a string. */
const LONG_MS = 700;

const read = (...reads: readonly string[]): readonly InputEvent[] => {
  const parser = new PacedInput();
  return [...reads.flatMap((one) => parser.read(one)), ...parser.pass(PAUSE_MS)];
};
const label = (event: InputEvent): string => (event.kind === 'key' ? event.key : event.kind);
const keys = (...reads: readonly string[]): readonly string[] => read(...reads).map(label);
/** The events of `reads`. After each read comes a pause long enough for an escape to count as a key. */
const slowly = (...reads: readonly string[]): readonly InputEvent[] => {
  const parser = new PacedInput();
  return reads.flatMap((one) => [...parser.read(one), ...parser.pass(PAUSE_MS)]);
};
const ESC = '\u001b';
const STRING_INTRODUCERS = [']', 'P', '_', '^', 'X'] as const;
const inert = (events: readonly InputEvent[]) => events.filter(({ kind }) => kind !== 'report');
const flat = (events: readonly InputEvent[]): string =>
  events.map((event) => (event.kind === 'text' ? event.text : `<${JSON.stringify(event)}>`)).join('');

test('keys: control characters and Alt keys are parsed to named keys', (t) => {
  t.deepEqual(keys('\r\t\u007f\u0001\u001f\u0000'), ['enter', 'tab', 'backspace', 'C-a', 'C-_', 'C-space']);
  const alt = keys(`${ESC}a${ESC}1${ESC}\r${ESC}\u007f${ESC}é${ESC}\u0001`);
  t.deepEqual(alt, ['M-a', 'M-1', 'M-enter', 'M-backspace', 'M-é', 'C-M-a']);
  t.deepEqual(keys(ESC), ['escape']);
  t.deepEqual(keys(`${ESC}${ESC}`), ['escape', 'escape']);
  t.deepEqual(keys(`${ESC}${ESC}[A`), ['M-up']);
});

test('keys: text of any script is one event', (t) => {
  t.deepEqual(read('héllo 日本 👍🏽'), [{ kind: 'text', text: 'héllo 日本 👍🏽' }]);
});

test('keys: a paste is one event, and its control characters are not keys', (t) => {
  t.deepEqual(read(`${ESC}[200~a\rb${ESC}[A${ESC}[201~x`), [
    { kind: 'paste', text: `a\rb${ESC}[A`, hasEnter: false, isCut: false },
    { kind: 'text', text: 'x' },
  ]);
});

for (const [name, form] of [
  ['SGR', `${ESC}[<0;3;4M${ESC}[<0;3;4m${ESC}[<64;1;1M${ESC}[<2;1;1M`],
  ['urxvt', `${ESC}[32;3;4M${ESC}[35;3;4M${ESC}[96;1;1M${ESC}[34;1;1M`],
  ['X10', `${ESC}[M #$${ESC}[M##$${ESC}[M\`!!${ESC}[M"!!`],
] as const) {
  test(`keys: several mouse reports of ${name} in one chunk are all events`, (t) => {
    t.deepEqual(read(form), [
      { kind: 'mouse', action: 'press', x: 2, y: 3 },
      { kind: 'mouse', action: 'release', x: 2, y: 3 },
      { kind: 'mouse', action: 'wheel-up', x: 0, y: 0 },
    ]);
  });
}

/** Sequences without an effect, even with a pause of any length in them. */
const VANISHING: readonly (readonly [what: string, bytes: string])[] = [
  ['a colour report', `${ESC}]11;rgb:ffff/0000/ffff${ESC}\\`],
  ['a colour report that ends with BEL', `${ESC}]11;rgb:ffff/0000/ffff\u0007`],
  ['a cursor report in column 1', `${ESC}[5;1R`],
  ['device attributes', `${ESC}[?62;1;2;4c${ESC}[>41;388;0c`],
  ['a mode report', `${ESC}[?2026;2$y`],
  ['a focus event', `${ESC}[I${ESC}[O`],
  ['an unknown final character', `${ESC}[12;3z`],
  ['an intermediate character', `${ESC}[1 q`],
  ['a parameter after an intermediate character', `${ESC}[1$2q`],
  ['a designation of a character set', `${ESC}(B`],
  ['SS3 with a modifier and an unknown final character', `${ESC}O5z`],
  ['an 8-bit control sequence', '\u009b12z'],
  ['C1 controls', '\u0080\u0084\u0085\u008d\u009c'],
  ['a cancelled sequence', `${ESC}[12;`],
  ['a control sequence that is too long', `${ESC}[${'1;'.repeat(500)}z`],
];
/** Strings that the program did not ask the terminal for. They have no effect if they end within 500 ms. */
const VANISHING_STRINGS: readonly (readonly [what: string, bytes: string])[] = [
  ['a title report', `${ESC}]lsome title ✓${ESC}\\`],
  ['the name of the terminal', `${ESC}P>|XTerm(388)${ESC}\\`],
  ['an answer of the graphics protocol', `${ESC}_Gi=31;OK${ESC}\\`],
  ['a PM string', `${ESC}^private${ESC}\\`],
  ['a SOS string', `${ESC}Xsome${ESC}\\`],
  ['an 8-bit string', '\u009d11;rgb:0/0/0\u009c'],
];
for (const [what, bytes] of [...VANISHING, ...VANISHING_STRINGS]) {
  const isString = VANISHING_STRINGS.some(([one]) => one === what);
  test(`keys: ${what} leaves no text and does not act, wherever it is cut`, (t) => {
    const end = what.startsWith('a cancelled') ? '\u0018' : '';
    const left = end === '' ? [] : [{ kind: 'key', key: 'C-x' }];
    const all = Buffer.from(bytes + end);
    t.deepEqual(inert(read(bytes + end)), left);
    // Cuts before `first` are left out: a pause after an escape makes it the Escape key, and a pause after the first two
    // characters of a string makes them an Alt key.
    const first = what === 'a designation of a character set' ? 3 : isString ? 3 : 2;
    for (let cut = first; cut < all.length; cut += 1) {
      if (all[cut - 1] === 0x1b && all[cut] !== 0x5c) continue;
      const parser = new PacedInput(awaitsAnswers);
      const events = [
        ...parser.read(all.subarray(0, cut)),
        ...parser.pass(isString ? 450 : 2 * LONG_MS),
        ...parser.read(all.subarray(cut)),
      ];
      t.deepEqual(
        inert(events).filter((event) => label(event) !== 'M-]'),
        left,
        `cut after ${cut} bytes`,
      );
    }
  });
}

test('keys: an 8-bit terminal sends a control character as one byte, also in the middle of a chunk', (t) => {
  const parser = new PacedInput();
  t.deepEqual(parser.read(Buffer.from([0x61, 0x9b, 0x41, 0x62])), [
    { kind: 'text', text: 'a' },
    { kind: 'key', key: 'up' },
    { kind: 'text', text: 'b' },
  ]);
});

test('keys: an Alt key that could begin a string is a key after a pause, and text behind it is text', (t) => {
  for (const letter of [']', 'P', 'X', '^', '_', '/', ' ']) {
    const name = letter === ' ' ? 'space' : letter;
    t.deepEqual(slowly(`${ESC}${letter}`, 'hello'), [
      { kind: 'key', key: `M-${name}` },
      { kind: 'text', text: 'hello' },
    ]);
  }
});

for (const [what, last, effect] of [
  ['Esc', ESC, []],
  ['Enter, whose line would lack the letters that are not shown,', '\r', []],
  ['a line feed', '\n', []],
  ['Ctrl+C', '\u0003', ['C-c']],
  ['Backspace', '\u007f', ['backspace']],
  ['Tab', '\t', ['tab']],
] as const) {
  test(`keys: given a string without an end, when ${what} comes, then it is over at once and the next key acts`, (t) => {
    for (const introducer of STRING_INTRODUCERS) {
      const parser = new PacedInput(awaitsAnswers);
      const events = [
        ...parser.read(`${ESC}${introducer}11;rgb:ff`),
        ...parser.read(last),
        ...parser.pass(PAUSE_MS),
      ];
      t.deepEqual(events.map(label), effect, introducer);
      t.deepEqual(parser.read('ok'), [{ kind: 'text', text: 'ok' }], introducer);
    }
  });
}

test('keys: given an Alt key that begins a string and text in one read, then the text is dropped for at most 500 ms', (t) => {
  for (const isAwaited of [awaitsAnswers, () => false]) {
    for (const introducer of STRING_INTRODUCERS) {
      const parser = new PacedInput(isAwaited);
      const typed = [...parser.read(`${ESC}${introducer}1`)];
      for (const letter of 'never') typed.push(...parser.pass(90), ...parser.read(letter));
      typed.push(...parser.pass(90));
      t.deepEqual(typed, [], introducer);
      t.deepEqual(parser.read('x'), [{ kind: 'text', text: 'x' }], introducer);
    }
  }
});

test('keys: given an Alt key that begins a string and then text, then only an awaited answer is waited for', (t) => {
  for (const [introducer, text] of [
    [']', '1 apple'],
    [']', 'letters'],
    ['P', '1'],
    ['_', 'Good'],
    ['^', '1'],
    ['X', '1'],
  ] as const) {
    const parser = new PacedInput();
    const events = [...parser.read(ESC + introducer), ...parser.pass(PAUSE_MS), ...parser.read(text)];
    t.deepEqual(events, [
      { kind: 'key', key: `M-${introducer}` },
      { kind: 'text', text },
    ]);
  }
});

test('keys: given an awaited answer that is cut for long, when another key comes, then the key acts', (t) => {
  for (const begun of [`${ESC}]1`, `${ESC}]11;rgb:`, `${ESC}]11;rgb:ffff/0000/ff`, '\u009d11;']) {
    const parser = new PacedInput(awaitsAnswers);
    t.deepEqual([...parser.read(begun), ...parser.pass(60_000)], []);
    t.is(parser.quietMs, null);
    t.deepEqual(parser.read('\u0011'), [{ kind: 'key', key: 'C-q' }]);
    parser.read(begun);
    parser.pass(60_000);
    t.deepEqual(parser.read('hi'), [{ kind: 'text', text: 'hi' }]);
  }
});

for (const [what, last, ended] of [
  ['Esc', ESC, true],
  ['Ctrl+C', '\u0003', true],
  ['silence', '', true],
] as const) {
  test(`keys: given a paste without its end mark, when ${what} comes, then it is text and later keys act`, (t) => {
    const parser = new PacedInput();
    parser.read(`${ESC}[200~pasted`);
    t.is(parser.quietMs, 500);
    const events = [...parser.read(last), ...(last === '\u0003' ? [] : parser.pass(LONG_MS))];
    t.is(ended && parser.quietMs, null);
    t.deepEqual(events, [{ kind: 'paste', text: 'pasted', hasEnter: false, isCut: false }]);
    t.deepEqual(parser.read('\u0011'), [{ kind: 'key', key: 'C-q' }]);
    // An end mark that comes late has no effect.
    t.deepEqual(
      parser.read(Buffer.from(`${ESC}[201~`)).filter(({ kind }) => kind !== 'report'),
      [],
    );
    t.deepEqual(parser.read('a'), [{ kind: 'text', text: 'a' }]);
  });
}

test('keys: given an end mark with a pause after each byte, then the paste ends without it', (t) => {
  const parser = new PacedInput();
  const events = [...parser.read(`${ESC}[200~pasted`)];
  for (const byte of `${ESC}[201~x`) events.push(...parser.read(byte), ...parser.pass(LONG_MS));
  t.deepEqual(
    events.map((event) => ('text' in event ? event.text : label(event))),
    ['pasted', 'x'],
  );
});

test('keys: the division of input into chunks does not change the events', async (t) => {
  const bytes = Buffer.from(
    `aé日\u0085👍${ESC}[1;3C${ESC}[200~x\nÿy${ESC}[201~${ESC}OP${ESC}[<0;3;4M\r${ESC}]11;✓${ESC}\\${ESC}[M\u00ff\u00ff`,
    'utf8',
  );
  const whole = flat(new PacedInput().read(bytes));
  await holds(
    t,
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: bytes.length }), (sizes) => {
      const parser = new PacedInput();
      const events: InputEvent[] = [];
      let at = 0;
      for (const size of sizes) {
        events.push(...parser.read(bytes.subarray(at, at + size)));
        at += size;
      }
      return flat(events) === whole;
    }),
  );
});

test('keys: random input causes no error and no endless wait', async (t) => {
  await holds(
    t,
    fc.property(fc.uint8Array(), (noise) => {
      const parser = new PacedInput();
      parser.read(noise);
      parser.pass(4 * LONG_MS);
      if (parser.quietMs !== null) return false;
      // Ctrl+X cancels a sequence that is not complete.
      parser.read('\u0018\u0018');
      return parser
        .read(Buffer.from('ok'))
        .some((event) => event.kind === 'text' && event.text.endsWith('ok'));
    }),
  );
});

test('keys: a paste is limited to 16 MiB', (t) => {
  const parser = new PacedInput();
  parser.read(`${ESC}[200~`);
  for (let chunk = 0; chunk < 17; chunk += 1) parser.read(Buffer.alloc(1024 * 1024, 'x'));
  const [event] = parser.read(`${ESC}[201~`);
  t.true(event?.kind === 'paste' && event.isCut && event.text.length === 16 * 1024 * 1024);
});
