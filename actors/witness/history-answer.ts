// The part of a sync's answer that lets a terminal verify the tracker's history: the newest checkpoint, and the proofs that the
// terminal asked for.
import type { DeviceId } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { SyncOperation } from '../../core/protocol/operations.js';
import { inBase64, type LogProofs, type SignedCheckpoint } from './log-proofs.js';

export interface HistoryAnswer {
  readonly checkpoint: string;
  readonly consistency?: string[];
  readonly compared?: (string[] | null)[];
}

/** Answers for the log of `checkpoint`. Proofs are given only if the terminal knows this log. */
export async function historyAnswer(
  proofs: LogProofs,
  checkpoint: SignedCheckpoint,
  known: Pick<SyncOperation, 'checkpoint' | 'compare'>,
): Promise<HistoryAnswer> {
  const { note, origin, size } = checkpoint;
  if (known.checkpoint?.origin !== origin) return { checkpoint: note };
  const consistency = await proofs.consistency(known.checkpoint.size, size);
  const compared: (string[] | null)[] = [];
  for (const from of known.compare ?? []) {
    const proof = await proofs.consistency(from, size);
    compared.push(proof === null ? null : inBase64(proof));
  }
  return {
    checkpoint: note,
    ...(consistency === null ? {} : { consistency: inBase64(consistency) }),
    ...(known.compare === undefined ? {} : { compared }),
  };
}

/** Warns the operator in the log if a terminal knows another history than this log has. The terminal may also be wrong. */
export async function warnOfOtherHistory(
  proofs: LogProofs,
  { origin, size }: SignedCheckpoint,
  known: SyncOperation['checkpoint'],
  device: DeviceId,
  log: Log,
): Promise<void> {
  if (known?.origin !== origin) return;
  const root = await proofs.rootAt(known.size);
  if (root?.toString('base64') === known.root) return;
  const problem = known.size > size ? 'longer' : 'different';
  log.warn(
    { device, known: known.size, size },
    `a terminal has verified a ${problem} history: this log may have been rolled back or rewritten`,
  );
}
