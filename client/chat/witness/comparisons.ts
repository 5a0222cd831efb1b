// The checkpoints of other terminals that wait for the next sync, which shows whether they belong to one history with this
// terminal's. It judges nothing.
import { LRUCache } from 'lru-cache';
import type { Checkpoint } from '../../../core/merkle/checkpoint.js';
import { limits } from '../../../core/protocol/limits.js';

/** A checkpoint that another terminal has verified. */
export interface PeerCheckpoint {
  /** The username at the other end. */
  readonly peer: string;
  readonly checkpoint: Checkpoint;
  /** The signed note. */
  readonly note: string;
}

export interface Comparisons {
  add(shown: PeerCheckpoint): void;
  /** Adds a checkpoint of another log of the tracker. */
  addOtherLog(shown: PeerCheckpoint): void;
  /** A sync begins: only what was added before is judged by its answer. */
  begin(): void;
  /** The sizes to ask the tracker about, as many as fit one request. */
  sizes(origin: string): readonly number[];
  /** Removes and returns the checkpoints of this size. */
  take(origin: string, size: number): readonly PeerCheckpoint[];
  /** Removes and returns the checkpoints of other logs that were added before the sync began. */
  otherLogs(): readonly PeerCheckpoint[];
}

/** More are dropped, the oldest first: terminals compare again when they link. */
const WAITING = 64;

export function createComparisons(): Comparisons {
  const waiting = new LRUCache<string, PeerCheckpoint>({ max: WAITING });
  const others = new LRUCache<string, PeerCheckpoint & { readonly round: number }>({ max: WAITING });
  let round = 0;

  const of = (origin: string): readonly PeerCheckpoint[] =>
    [...waiting.values()].filter(({ checkpoint }) => checkpoint.origin === origin);

  return {
    add: (shown) => void waiting.set(keyOf(shown), shown),
    addOtherLog: (shown) => void others.set(shown.checkpoint.origin, { ...shown, round }),
    begin() {
      round += 1;
    },
    sizes(origin) {
      const sizes = new Set(of(origin).map(({ checkpoint }) => checkpoint.size));
      return [...sizes].slice(0, limits.comparisonsPerSync);
    },
    take(origin, size) {
      const taken = of(origin).filter(({ checkpoint }) => checkpoint.size === size);
      for (const one of taken) waiting.delete(keyOf(one));
      return taken;
    },
    otherLogs() {
      const due = [...others.values()].filter((one) => one.round < round);
      for (const { checkpoint } of due) others.delete(checkpoint.origin);
      return due;
    },
  };
}

const keyOf = ({ checkpoint: { origin, size, root } }: PeerCheckpoint): string =>
  `${origin} ${size} ${root.toString('hex')}`;
