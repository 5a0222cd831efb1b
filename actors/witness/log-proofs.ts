// The proofs about the log that terminals ask for: its newest signed checkpoint, the consistency of two sizes, and the inclusion
// of an event. Checkpoint and consistency proofs are kept in memory, because many terminals ask for the same ones at once.
import { LRUCache } from 'lru-cache';
import { createLogTree } from '../../core/events/derived/log-tree.js';
import type { ReadLogIdentity } from '../../core/events/sql/log-identity.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import type { EventStore } from '../../core/events/store.js';
import type { SigningKey } from '../../core/keys.js';
import { type Checkpoint, logOrigin, signCheckpoint } from '../../core/merkle/checkpoint.js';
import type { Hash } from '../../core/merkle/hashing.js';
import { consistencyPath, inclusionPath, rootOf } from '../../core/merkle/tree.js';

export interface LogProofsParts {
  readonly reads: ReadSql;
  readonly store: Pick<EventStore, 'head'>;
  readonly logIdentity: ReadLogIdentity;
  readonly signing: SigningKey;
}

export interface SignedCheckpoint extends Checkpoint {
  /** The signed note. */
  readonly note: string;
}

/** All methods reject with `StoreUnavailableError` if the database fails. */
export interface LogProofs {
  /** The checkpoint of the whole log. */
  checkpoint(): Promise<SignedCheckpoint>;
  /** The root of the first `size` events; null if the log is shorter. */
  rootAt(size: number): Promise<Hash | null>;
  /** The proof that the log of size `to` begins with that of size `from`; null if the log has no such sizes. */
  consistency(from: number, to: number): Promise<readonly Hash[] | null>;
  /** The proof that the log of size `size` has the event at `position`; null if the log has no such size or position. */
  inclusion(position: number, size: number): Promise<readonly Hash[] | null>;
}

/** 2 MB of proofs. */
const PROOFS_KEPT = 1_024;

export function createLogProofs({ reads, store, logIdentity, signing }: LogProofsParts): LogProofs {
  const tree = createLogTree(reads);
  const proofs = new LRUCache<string, readonly Hash[]>({ max: PROOFS_KEPT });
  let newest: SignedCheckpoint | null = null;

  const end = async (): Promise<number> => (await store.head()).position;

  return {
    async checkpoint() {
      const size = await end();
      if (newest?.size === size) return newest;
      const checkpoint = {
        origin: logOrigin((await logIdentity()).identity),
        size,
        root: await rootOf(tree, size),
      };
      const signed = { ...checkpoint, note: signCheckpoint(checkpoint, signing) };
      if (newest === null || newest.size < size) newest = signed;
      return signed;
    },
    rootAt: async (size) => (size > (await end()) ? null : rootOf(tree, size)),
    async consistency(from, to) {
      if (from > to || to > (await end())) return null;
      const key = `${from} ${to}`;
      const kept = proofs.get(key);
      if (kept !== undefined) return kept;
      const proof = await consistencyPath(tree, from, to);
      proofs.set(key, proof);
      return proof;
    },
    async inclusion(position, size) {
      if (position < 1 || position > size || size > (await end())) return null;
      return inclusionPath(tree, position - 1, size);
    },
  };
}

/** The hashes as the protocol writes them. */
export const inBase64 = (hashes: readonly Hash[]): string[] => hashes.map((hash) => hash.toString('base64'));
