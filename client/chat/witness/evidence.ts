// The evidence that a tracker signed two histories that contradict each other: the texts of the evidence files. Anybody can check
// these files with the tracker's key, and the operator with `partyline admin verify --since`.
import { verifierKey } from '../../../core/merkle/checkpoint.js';

export interface EvidenceParts {
  /** A word for the kind of finding. */
  readonly kind: string;
  /** The finding in one sentence. */
  readonly finding: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The tracker's signing key, 32 bytes. */
  readonly trackerKey: Uint8Array;
  /** The checkpoint that this terminal had verified. */
  readonly known: { readonly origin: string; readonly note: string };
  /** The checkpoint that contradicts the known one; absent if the tracker showed no checkpoint. */
  readonly shown?: { readonly origin: string; readonly note: string };
  /** The proof that came with it, in base64. */
  readonly proof?: readonly string[] | null;
}

/** The files of one finding by name. */
export type EvidenceFiles = Readonly<Record<string, string>>;

/** Stores the files of one finding in a new folder; resolves with its path. */
export type KeepEvidence = (name: string, files: EvidenceFiles) => Promise<string>;

/** The name of the folder for a finding: sortable by time. */
export const evidenceName = ({ kind, at }: Pick<EvidenceParts, 'kind' | 'at'>): string =>
  `${new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${kind}`;

export function evidenceFiles(parts: EvidenceParts): EvidenceFiles {
  const { kind, finding, at, trackerKey, known, shown, proof = null } = parts;
  const about = {
    format: 'history-evidence/1',
    kind,
    finding,
    at: new Date(at).toISOString(),
    // The key as tools for signed notes take it.
    keys: [...new Set([known, ...(shown === undefined ? [] : [shown])].map(({ origin }) => origin))].map(
      (origin) => verifierKey(origin, trackerKey),
    ),
    proof,
  };
  return {
    'about.json': `${JSON.stringify(about, null, 2)}\n`,
    'known.txt': known.note,
    ...(shown === undefined ? {} : { 'shown.txt': shown.note }),
  };
}
