// The parser of terminal input under random sequences of the whole grammar, cut at random places, with random pauses.
import test from 'ava';
import * as fc from 'fast-check';
import type { InputEvent } from '../../screen/keys/parser.js';
import { awaitsAnswers, PacedInput } from '../support/terminals/paced-input.js';
import { bytesInUse } from './support/growth.js';
import { counted, throwDice } from './support/seeded-random.js';

const CASES = counted('KEY_SEQUENCES', { usual: 10_000, soak: 1_000_000 });
const MOST_GROWTH_BYTES = 16 * 2 ** 20;
const HOUR_MS = 3_600_000;

/** The bytes of a sequence. Pauses before the byte `firstPause` are too short for an escape to count as a key. */
interface Input {
  readonly bytes: Buffer;
  readonly firstPause: number;
  /** The limit of all pauses in the sequence together; no limit if undefined. */
  readonly pausesMs?: number;
}

/** Less than the time in which a string must end if the program did not ask for it. */
const STRING_MS = 490;

const characters = (first: number, last: number): fc.Arbitrary<string> =>
  fc.integer({ min: first, max: last }).map((code) => String.fromCharCode(code));
const texts = (unit: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(unit, { maxLength }).map((parts) => parts.join(''));
const input = (text: string, firstPause: number): Input => ({ bytes: Buffer.from(text), firstPause });

const csi = fc
  .tuple(
    fc.constantFrom('\u001b[', '\u009b', '\u001b\u001b['),
    fc.constantFrom('', '', '<', '=', '>', '?'),
    texts(fc.oneof(characters(0x30, 0x39), fc.constantFrom(';', ':')), 12),
    texts(characters(0x20, 0x2f), 2),
    characters(0x40, 0x7e),
  )
  // Sequences that type text, begin another sequence, or are rxvt's keys with Shift, which end before the final character.
  .filter(([, mark, parameters, intermediates, final]) => {
    if (mark !== '') return true;
    const isBare = parameters === '' && intermediates === '';
    const isRxvt = intermediates.startsWith('$') && /^\d{1,2}$/.test(parameters);
    return !(
      isRxvt ||
      final === 'u' ||
      (final === '~' && /^27|^200$/.test(parameters)) ||
      (isBare && /[[M]/.test(final))
    );
  })
  .map(([lead, ...rest]) => input(lead + rest.join(''), Buffer.byteLength(lead)));
const ss3 = fc
  .tuple(
    fc.constantFrom('\u001bO', '\u008f', '\u001b\u001bO'),
    texts(characters(0x30, 0x3b), 4),
    characters(0x41, 0x69),
  )
  .filter(([, , final]) => final !== 'X')
  .map(([lead, parameters, final]) => input(lead + parameters + final, Buffer.byteLength(lead)));
const content = texts(fc.oneof(characters(0x20, 0x7e), fc.constantFrom('é', '✓', '日', '👍')), 40);
const end = fc.constantFrom('\u001b\\', '\u0007', '\u009c');
const string = fc
  .tuple(
    fc.constantFrom(
      '\u001b]',
      '\u009d',
      '\u001bP',
      '\u0090',
      '\u001b_',
      '\u009f',
      '\u001b^',
      '\u009e',
      '\u001bX',
      '\u0098',
    ),
    content,
    end,
  )
  .map(([lead, text, last]) => ({
    ...input(lead + text + last, Buffer.byteLength(lead) + 1),
    pausesMs: STRING_MS,
  }));
const part = texts(fc.constantFrom(...Array.from('0123456789abcdefABCDEF')), 4).filter(
  (digits) => digits !== '',
);
/** An answer that the program has asked for. Its parts may come after pauses of any length. */
const answer = fc
  .tuple(fc.constantFrom('\u001b]', '\u009d'), fc.constantFrom('rgb', 'rgba'), part, part, part, end)
  .map(([lead, format, red, green, blue, last]) =>
    input(`${lead}11;${format}:${red}/${green}/${blue}${last}`, 2),
  );
const mouse = fc
  .tuple(
    fc.integer({ min: 0x20, max: 0xff }),
    fc.integer({ min: 0x20, max: 0xff }),
    fc.integer({ min: 0x20, max: 0xff }),
  )
  .map((report) => ({ bytes: Buffer.from([0x1b, 0x5b, 0x4d, ...report]), firstPause: 2 }));
const others = fc.oneof(
  characters(0x41, 0x45).map((letter) => input(`\u001b[[${letter}`, 2)),
  fc
    .tuple(texts(characters(0x20, 0x2f), 2), characters(0x20, 0x2f), characters(0x30, 0x7e))
    .map(([some, one, final]) => input(`\u001b${some}${one}${final}`, 3)),
  characters(0x80, 0x9f)
    .filter((control) => !/[\u008f\u0090\u0098\u009b\u009d-\u009f]/.test(control))
    .map((control) => input(control, 0)),
  // A byte of an 8-bit control, as terminals without UTF-8 send it.
  characters(0x41, 0x44).map((final) => ({
    bytes: Buffer.from(`\u009b1;5${final}`, 'latin1'),
    firstPause: 0,
  })),
  fc.constantFrom('2', '3', '5', '6', '7', '8', '11', '24').map((number) => input(`\u001b[${number}$`, 2)),
  fc
    .tuple(texts(characters(0x30, 0x39), 8), fc.constantFrom('\u0018', '\u001a'))
    .map(([some, cancel]) => input(`\u001b[${some}${cancel}`, 2)),
  texts(characters(0x30, 0x39), 200).map((many) => input(`\u001b[1;${many}z`, 2)),
);
const sequence = fc.oneof(
  { weight: 4, arbitrary: csi },
  ss3,
  { weight: 3, arbitrary: string },
  answer,
  mouse,
  {
    weight: 2,
    arbitrary: others,
  },
);
/** A cut after each number of bytes, with a pause in milliseconds. */
const cuts = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 6 }), pauseMs: fc.integer({ min: 0, max: 900 }) }),
  { maxLength: 8 },
);

const isText = (event: InputEvent): boolean => event.kind === 'text' || event.kind === 'paste';

test(`faults: terminal input: given ${CASES} random sequences, cut at random places with random pauses, then no letter is typed, no later key is lost, and no memory is retained`, (t) => {
  t.timeout(HOUR_MS);
  const { seed } = throwDice();
  const parser = new PacedInput(awaitsAnswers);
  const holds = (
    { bytes, firstPause, pausesMs = Number.POSITIVE_INFINITY }: Input,
    pieces: readonly { size: number; pauseMs: number }[],
  ): boolean => {
    const events: InputEvent[] = [];
    let at = 0;
    let leftMs = pausesMs;
    for (const { size, pauseMs } of pieces) {
      events.push(...parser.read(bytes.subarray(at, at + size)));
      at += size;
      const pause = Math.min(at < firstPause ? pauseMs % 40 : pauseMs, leftMs);
      if (at < bytes.length) leftMs -= pause;
      events.push(...parser.pass(pause));
    }
    events.push(...parser.read(bytes.subarray(at)), ...parser.pass(1_000));
    const later = parser.read('q\u0011');
    return (
      !events.some(isText) &&
      JSON.stringify(later) === '[{"kind":"text","text":"q"},{"kind":"key","key":"C-q"}]'
    );
  };
  const property = fc.property(sequence, cuts, holds);
  fc.assert(property, { numRuns: Math.ceil(CASES / 5), seed: seed + 1 });
  const before = bytesInUse();
  fc.assert(property, { numRuns: CASES, seed });
  const growth = bytesInUse() - before;
  t.true(growth < MOST_GROWTH_BYTES, `${growth} bytes are retained`);
  t.log(`seed ${seed}, ${Math.round(growth / 1024)} kB retained`);
});
