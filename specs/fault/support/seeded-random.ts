// The effort of the fault specs and their randomness. It is seeded, so that a failure can be repeated.

const env = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
};

/** `usual` in `npm test`. In `npm run test:soak`, the value of the environment variable, or `soak` if the variable is not set. */
export function counted(
  name: string,
  { usual, soak }: { readonly usual: number; readonly soak: number },
): number {
  return env(name) ?? (process.env['SOAK'] === undefined ? usual : soak);
}

export interface Dice {
  readonly seed: number;
  /** A random whole number from 0 to `below` - 1. */
  roll(below: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** Random numbers (mulberry32) from the seed in the environment variable `SEED`, or from a new seed. */
export function throwDice(): Dice {
  const seed = env('SEED') ?? Date.now() % 2 ** 31;
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const roll = (below: number): number => Math.floor(next() * below);
  return {
    seed,
    roll,
    pick(choices) {
      const choice = choices[roll(choices.length)];
      if (choice === undefined) throw new RangeError('the list to pick from is empty');
      return choice;
    },
  };
}
