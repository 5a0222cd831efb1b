// Signed checkpoints of the log of a home, and the check that the log still begins with the events of a checkpoint.
import { OperatorError } from '../../core/errors.js';
import { createLogTree } from '../../core/events/derived/log-tree.js';
import { logIdentity } from '../../core/events/sql/tables.js';
import { selectFrom } from '../../core/events/sql/table.js';
import { logOrigin, readCheckpoint, signCheckpoint } from '../../core/merkle/checkpoint.js';
import { rootOf } from '../../core/merkle/tree.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { AdminHome } from '../home.js';
import { lastPosition } from '../moment.js';
import { counted } from '../progress.js';

const identityRow = logIdentity.row.omit({ id: true });

/** The name of the log in its checkpoints. Throws an `OperatorError` if no tracker of this version has opened the home yet. */
export async function originOf({ reader }: Pick<AdminHome, 'reader'>): Promise<string> {
  const row = await reader.first(`${selectFrom(logIdentity)} WHERE id = 1`);
  if (row !== undefined) return logOrigin(identityRow.parse(row).identity);
  throw new OperatorError(
    'the log of this home has no name yet',
    'Start a tracker on this home once. A restored or older log gets its name when a tracker opens it.',
  );
}

/** The signed checkpoint of the first `size` events; by default of the whole log. */
export async function checkpointOf(
  home: Pick<AdminHome, 'reader' | 'signing'>,
  size?: number,
): Promise<string> {
  const events = size ?? (await lastPosition(home.reader));
  const root = await rootOf(createLogTree(home.reader), events);
  return signCheckpoint({ origin: await originOf(home), size: events, root }, home.signing);
}

/**
 * Checks that the log begins with the events of an earlier checkpoint. The log itself must be verified separately. Resolves with
 * the result as a sentence; throws an `OperatorError` if the log was rewritten or rolled back since, or if the note is no checkpoint
 * of this tracker.
 */
export async function checkSince(
  { reader, signing }: Pick<AdminHome, 'reader' | 'signing'>,
  note: string,
): Promise<string> {
  const read = readCheckpoint(note, signing.publicKey);
  if ('problem' in read) {
    throw new OperatorError(
      sanitiseLine(read.problem),
      'Give a file with the output of `partyline admin checkpoint` for this tracker.',
    );
  }
  const { size, root } = read.checkpoint;
  const end = await lastPosition(reader);
  if (size > end) {
    throw new OperatorError(
      `the log was rolled back: the checkpoint has ${counted(size)} events, and the log ends at position ${counted(end)}`,
      'Stop the tracker, keep this home for an investigation, and find out who replaced it with an older copy.',
    );
  }
  if (!(await rootOf(createLogTree(reader), size)).equals(root)) {
    throw new OperatorError(
      `the log was rewritten: its first ${counted(size)} events are not those of the checkpoint`,
      `The change is at one of the positions 1 to ${counted(size)}. A checkpoint has one hash for all of them, so it cannot show which; an earlier checkpoint that still matches shows a later start. Stop the tracker, keep this home and the checkpoint for an investigation, and restore a backup.`,
    );
  }
  return `since       the log begins with the ${counted(size)} events of the checkpoint`;
}
