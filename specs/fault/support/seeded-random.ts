// How hard the fault specs try, and their randomness: seeded, so that a failure can be played again.

const env = (name: string): number | undefined => {
  const text = process.env[name];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
};

/** `usual` in `npm test`; in `npm run test:soak` what its variable says, else `soak`. */
export function counted(
  name: string,
  { usual, soak }: { readonly usual: number; readonly soak: number },
): number {
  return env(name) ?? (process.env['SOAK'] === undefined ? usual : soak);
}

export interface Dice {
  readonly seed: number;
  /** A whole number from 0 to `below` - 1. */
  roll(below: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** Randomness of a seed (mulberry32): that of the variable `SEED`, else a new one. */
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
      if (choice === undefined) throw new RangeError('nothing to pick from');
      return choice;
    },
  };
}
