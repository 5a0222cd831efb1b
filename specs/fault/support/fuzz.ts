// The properties of every parser of untrusted input: it returns a value or a typed refusal, takes time in proportion to
// the input, and retains no memory.
import test from 'ava';
import * as fc from 'fast-check';
import { counted, throwDice } from './seeded-random.js';
import { bytesInUse } from './growth.js';

const CASES = counted('FUZZ_CASES', { usual: 500, soak: 100_000 });
/**
 * The inputs may retain at most this much memory. An input has about 200 bytes, and the engine's own caches take some
 * MB.
 */
const MOST_GROWTH_BYTES = 16 * 2 ** 20;
const HOUR_MS = 3_600_000;

interface Fuzz<Input> {
  readonly input: fc.Arbitrary<Input>;
  /** Throws or returns false if the parser violates its contract. */
  readonly holds: (input: Input) => boolean | Promise<boolean>;
}

/** Declares the spec of one parser. */
export function fuzz<Input>(parser: string, { input, holds }: Fuzz<Input>): void {
  test.serial(
    `faults: ${parser}: given ${CASES} hostile inputs, then each is read or refused, and no memory is retained`,
    async (t) => {
      t.timeout(HOUR_MS);
      const { seed } = throwDice();
      const property = fc.asyncProperty(input, async (given) => holds(given));
      const feed = (numRuns: number, from: number) => fc.assert(property, { numRuns, seed: from });
      const began = performance.now();
      await feed(Math.ceil(CASES / 5), seed + 1);
      const before = bytesInUse();
      await feed(CASES, seed);
      const growth = bytesInUse() - before;
      t.true(growth < MOST_GROWTH_BYTES, `${growth} bytes are retained`);
      const seconds = (performance.now() - began) / 1_000;
      t.log(`seed ${seed}, ${seconds.toFixed(1)} s, ${Math.round(growth / 1024)} kB retained`);
    },
  );
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/;

/** Whether nothing in `text` can harm a screen. Line breaks and tabs are allowed. */
export const isHarmless = (text: string): boolean => !CONTROL.test(text);

/** Whether `text` is a single line that is not empty and is safe to show. */
export const isShowable = (text: string): boolean => text.length > 0 && isHarmless(text) && !/\n/.test(text);
