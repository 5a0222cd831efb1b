// Hostile input for parsers of data from strangers: valid samples with a few changes, and random noise. It knows no
// parser; each spec supplies valid samples.
import * as fc from 'fast-check';
import { hostileText } from '../core/protocol/arbitraries.js';

/**
 * The maximum number of doublings. Most samples have none; repeated doubling makes a short piece long, so that work
 * beyond linear time shows.
 */
const MOST_DOUBLINGS = 12;
const LONGEST = 20_000;
/** Pieces with a meaning to some parser: JSON, CBOR, base64, addresses, punctuation and extreme numbers. */
const loaded = fc.constantFrom(
  ...'{ } [ ] " \\ : , . / // ? & = % %00 # @ - --tcp null true -1 0 1e999 9007199254740993 1.5 "" [] {}'.split(
    ' ',
  ),
  ...'{"__proto__":{"v":1}} \\ud800 \\u0000 * ** ]( http:// U SA partyline:// eyJ'.split(' '),
  '\u0000',
  '\n',
  ' ',
);

interface Step {
  readonly kind: 'cut' | 'drop' | 'repeat' | 'insert' | 'replace';
  /** The position and the length, as fractions of the whole. */
  readonly at: number;
  readonly length: number;
  readonly piece: string;
  readonly doublings: number;
}

const part = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('cut', 'drop', 'repeat', 'insert', 'replace'),
  at: part,
  // Most changes are small, because badly damaged input is refused early.
  length: part.map((share) => share ** 4),
  piece: fc.oneof({ weight: 3, arbitrary: loaded }, { weight: 1, arbitrary: hostileText }),
  doublings: fc.integer({ min: -MOST_DOUBLINGS, max: MOST_DOUBLINGS }).map((count) => Math.max(0, count)),
});

function done(text: string, { kind, at, length, piece, doublings }: Step): string {
  const from = Math.floor(at * text.length);
  const to = from + Math.ceil(length * (text.length - from));
  const before = text.slice(0, from);
  const inside = text.slice(from, to);
  const after = text.slice(to);
  switch (kind) {
    case 'cut':
      return before;
    case 'drop':
      return before + after;
    case 'repeat':
      return (before + inside.repeat(2 ** doublings) + after).slice(0, LONGEST);
    case 'insert':
      return (before + piece.repeat(2 ** doublings) + inside + after).slice(0, LONGEST);
    case 'replace':
      return before + piece + after;
  }
}

/** Text close to one of the samples, or unrelated text. */
export const garbled = (...samples: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc
        .tuple(fc.constantFrom(...samples), fc.array(step, { maxLength: 4 }))
        .map(([sample, steps]) => steps.reduce(done, sample)),
    },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  );

/** Bytes close to one of the samples, or unrelated bytes. */
export const garbledBytes = (...samples: readonly Uint8Array[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: garbled(...samples.map((sample) => Buffer.from(sample).toString('latin1'))).map((text) =>
        Buffer.from(text, 'latin1'),
      ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
  );
