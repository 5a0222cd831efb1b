// The rooms and accounts that differ between the real history and the changed one, each with its state in both.
import { LRUCache } from 'lru-cache';
import type { MachineState } from '../../state/state.js';
import { isSame } from './contexts.js';
import type { History } from './source.js';

/** A stream in both histories. */
export interface Pair {
  readonly real: MachineState;
  readonly now: MachineState;
}

export interface Worlds {
  /** The pair if the states differ; null if they are equal. */
  differing(stream: string): Pair | null;
  /** The pair before the event at a position. Null if this version cannot give the state. */
  before(stream: string, position: number): Promise<Pair | null>;
  /** The pair after the command that acts at a position. */
  settle(stream: string, pair: Pair, position: number): void;
  /** All streams that differ. */
  all(): ReadonlyMap<string, Pair>;
  /** All streams that ever differed, with the position from which they are equal again; null if they still differ. */
  touched(): ReadonlyMap<string, number | null>;
}

// Limits the memory used for the equal states that a changed rule needs.
const MAX_EQUAL_STATES = 5_000;

/** @param isComplete whether `settle` follows each command, so that equal states may be kept */
export function createWorlds(history: Pick<History, 'stateBefore'>, isComplete: boolean): Worlds {
  const pairs = new Map<string, Pair>();
  const touched = new Map<string, number | null>();
  const equal = new LRUCache<string, MachineState>({ max: MAX_EQUAL_STATES });

  return {
    differing: (stream) => pairs.get(stream) ?? null,
    async before(stream, position) {
      const pair = pairs.get(stream);
      if (pair !== undefined) return pair;
      const state = equal.get(stream) ?? (await history.stateBefore(stream, position));
      return state && { real: state, now: state };
    },
    settle(stream, pair, position) {
      if (!isSame(pair.real, pair.now)) {
        pairs.set(stream, pair);
        touched.set(stream, null);
        return;
      }
      if (pairs.delete(stream)) touched.set(stream, position);
      if (isComplete) equal.set(stream, pair.real);
    },
    all: () => pairs,
    touched: () => touched,
  };
}
