// The command `partyline admin verify`: reports the verified facts, or the first error in the log or the tables.
import { OperatorError } from '../core/errors.js';
import type { UnknownEvent } from '../core/events/derived/derivation.js';
import { openShadow, type Difference } from '../core/events/derived/shadow.js';
import { type Verification, verifyLog } from '../core/events/verification/verification.js';
import { startReplay, whyUnknown } from '../actors/host.js';
import { derivedTables, trackerProjections } from '../actors/projections/derived.js';
import { unreadableRemedy } from '../core/events/unhandled.js';
import { sanitiseLine } from '../core/protocol/message/sanitise.js';
import type { AdminHome } from './home.js';
import { quarantinedText } from './quarantine/places.js';
import { counted } from './progress.js';
import { jsonText } from './text/json.js';

const EQUAL_TABLES = `tables      ${derivedTables.join(', ')}: equal to the log`;
const EQUAL_TREE = 'tree        the Merkle tree matches the log';
const REBUILD =
  'Run `partyline admin rebuild` to derive the data again from the log, and find out which users can write to the database file.';
const OUTSIDE =
  'This command cannot detect that the home is an older copy, or that somebody with its keys.json rewrote the log.';

/** The result of a check that was not disturbed. */
export type Verified = Exclude<Verification, { readonly kind: 'outdated' }>;

/** Checks the log and tables of a home. It changes no file there. */
export async function verifyHome(
  { file, isHeadSigned, seals }: Pick<AdminHome, 'file' | 'isHeadSigned' | 'seals'>,
  onProgress: (position: number) => void,
): Promise<Verified> {
  for (;;) {
    const shadow = openShadow({ file, tables: derivedTables, forWriting: false });
    try {
      const result = await verifyLog({
        shadow,
        projections: trackerProjections,
        isHeadSigned,
        whyUnknown,
        snapshots: { seals, startReplay },
        onProgress,
      });
      // If a tracker started during the check, it changed the file, and the check starts again.
      // The same holds if the operator quarantined or released an event during the check.
      if (shadow.isCurrent() && result.kind !== 'outdated') return result;
    } catch (thrown) {
      if (shadow.isCurrent()) throw thrown;
    } finally {
      shadow.close();
    }
  }
}

/** One line per check; the last line names what cannot be checked. */
export function verificationText(result: Verified): readonly string[] {
  switch (result.kind) {
    case 'broken':
      return [`events      ${counted(result.position - 1)} checked before the first bad position`, OUTSIDE];
    case 'different':
      return [...provenText(result), OUTSIDE];
    case 'unknown':
      return [
        ...provenText(result),
        'tables      not compared: this version does not know every event',
        OUTSIDE,
      ];
    case 'wrongTile':
      return [...provenText(result), EQUAL_TABLES, OUTSIDE];
    case 'wrongSnapshot':
      return [...provenText(result), EQUAL_TABLES, EQUAL_TREE, OUTSIDE];
    case 'intact':
      return [
        ...provenText(result),
        EQUAL_TABLES,
        EQUAL_TREE,
        'snapshots   sealed by the key of this tracker and equal to the log',
        OUTSIDE,
      ];
  }
}

/** The result for programs. `position` is the position of the first damaged or unknown event. */
export function verificationJson(result: Verified): string {
  const error = verificationError(result);
  return jsonText('verify/1', {
    result: result.kind,
    ...(result.kind === 'broken'
      ? { position: result.position }
      : {
          head: result.head,
          streams: result.streams,
          redacted: result.redacted,
          quarantined: result.quarantined,
        }),
    ...(result.kind === 'unknown' ? { position: result.unknown.position } : {}),
    ...(error === null ? {} : { problem: error.message, remedy: error.remedy }),
  });
}

function provenText(proven: Exclude<Verified, { readonly kind: 'broken' }>): readonly string[] {
  const { head, streams, redacted, quarantined } = proven;
  return [
    `events      ${counted(head.position)}: hash chain, positions and texts are intact; ${counted(redacted)} redacted`,
    `streams     ${counted(streams)}: no gap in their versions`,
    `head        ${counted(head.position)}, ${head.position === 0 ? 'empty' : 'signed by the key of this tracker'}`,
    ...(quarantined.length === 0 ? [] : [sanitiseLine(`quarantine  ${quarantinedText(quarantined)}`)]),
  ];
}

/** The error of a failed verification; null if everything is intact. */
export function verificationError(result: Verified): OperatorError | null {
  switch (result.kind) {
    case 'intact':
      return null;
    case 'broken':
      return brokenLog(result.position, result.reason);
    case 'different':
      return new OperatorError(sanitiseLine(differenceText(result.difference)), REBUILD);
    case 'wrongSnapshot':
      return new OperatorError(
        sanitiseLine(`the snapshot of ${result.wrong.stream} ${result.wrong.problem}`),
        REBUILD,
      );
    case 'wrongTile':
      return new OperatorError(
        sanitiseLine(
          `the tile ${String(result.wrong.place)} of level ${String(result.wrong.level)} of the Merkle tree ${result.wrong.problem}`,
        ),
        REBUILD,
      );
    case 'unknown':
      return unknownEvent(result.unknown);
  }
}

/** The error for an event that another version of the program wrote. */
export function unknownEvent({ position, stream, reason }: UnknownEvent): OperatorError {
  return new OperatorError(
    sanitiseLine(`the event at position ${position} in ${stream} cannot be read: ${reason}`),
    `Nothing was changed. ${unreadableRemedy(position)}`,
  );
}

/** The error for a log that is damaged from `position` on. */
export function brokenLog(position: number, reason: string): OperatorError {
  return new OperatorError(
    sanitiseLine(`the log was changed from position ${position} on: ${reason}`),
    'Earlier events are intact. Stop the tracker, keep this home for an investigation, and restore a backup.',
  );
}

function differenceText({ table, key, column, inUse, derived }: Difference): string {
  const row = `the table ${table} differs from the log: its row ${key}`;
  if (column !== null) return `${row} has ${column} ${inUse ?? ''} but the log has ${derived ?? ''}`;
  return derived === null ? `${row} is not in the log` : `${row} is missing`;
}
