// The seals of snapshots. A seal is a keyed digest of a snapshot and of the last event that it reflects. The key comes
// from the tracker's signing key, so that a person who can only edit the database cannot make a seal.
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Head } from './chain.js';

/** The content of a sealed snapshot. */
export interface SealedContent {
  readonly stream: string;
  readonly machineVersion: number;
  /** The stream version that the snapshot reflects. */
  readonly version: number;
  /** The position and the chain's hash of the event with that version. */
  readonly at: Head;
  /** The exact text of the state. */
  readonly state: string;
}

export interface SnapshotSeal {
  /** Returns 64 hexadecimal digits. */
  seal(content: SealedContent): string;
  isSealed(content: SealedContent, seal: string): boolean;
}

const KEY_BYTES = 32;
const PURPOSE = 'partyline/snapshot/v1';

/** @param seed the 32-byte seed of the tracker's signing key */
export function createSnapshotSeal(seed: Uint8Array): SnapshotSeal {
  const key = Buffer.from(hkdfSync('sha256', seed, '', PURPOSE, KEY_BYTES));

  function digest({ stream, machineVersion, version, at, state }: SealedContent): Buffer {
    const content = JSON.stringify([PURPOSE, stream, machineVersion, version, at.position, at.hash, state]);
    return createHmac('sha256', key).update(content).digest();
  }

  return {
    seal: (content) => digest(content).toString('hex'),
    isSealed(content, seal) {
      const expected = digest(content);
      const actual = Buffer.from(seal, 'hex');
      return actual.length === expected.length && timingSafeEqual(actual, expected);
    },
  };
}
