// The comparison of two checkpoints of one log. Pure: both are verified before.
import { HASH_BYTES, type Hash } from '../../../core/merkle/hashing.js';
import { isConsistent, type TreeHead } from '../../../core/merkle/proof.js';

/** How a checkpoint relates to an earlier one: `unproven` means that the proof does not hold or is missing. */
export type Verdict = 'continued' | 'shorter' | 'different' | 'unproven';

/** @param proof the consistency proof in base64; undefined if the tracker gave none */
export function verdictOn(known: TreeHead, shown: TreeHead, proof: readonly string[] | undefined): Verdict {
  if (shown.size < known.size) return 'shorter';
  if (shown.size === known.size) return shown.root.equals(known.root) ? 'continued' : 'different';
  if (proof === undefined) return 'unproven';
  return isConsistent(known, shown, proof.map(hashOf)) ? 'continued' : 'unproven';
}

const hashOf = (base64: string): Hash => Buffer.from(base64, 'base64').subarray(0, HASH_BYTES);
