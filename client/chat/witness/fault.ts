// The faults of a tracker's history, as sentences for the user.
import type { HistoryFault } from '../../history/tracker-state.js';

/** Advice for each fault. */
export const FAULT_REMEDY =
  'Ask the operator of the tracker by other means what happened. If a backup was restored, it must come from `partyline admin backup`, which gives the log a new name.';

/** The phenomenon in one or two sentences. */
export function faultSentence(kind: HistoryFault['kind']): string {
  switch (kind) {
    case 'rewritten':
      return 'The tracker changed its history: it no longer has all events that it had signed.';
    case 'rolledBack':
      return 'The tracker lost a part of its history: it shows fewer events than it had signed.';
    case 'forked':
      return 'The tracker showed two different histories, one to you and one to another terminal, and signed both.';
  }
}

/** The consequences and the evidence. @param folder where the evidence is; null if it could not be stored */
export function faultConsequence({ evidence }: Pick<HistoryFault, 'evidence'>): string {
  const where =
    evidence === null
      ? 'The evidence could not be stored; the log of this terminal says why.'
      : `Evidence: ${evidence}`;
  return `This terminal no longer accepts changes of rooms or new terminals from this tracker. ${where}`;
}

/** All sentences about a fault: the phenomenon, the consequences and the advice. */
export const faultReport = (fault: HistoryFault): string =>
  `${faultSentence(fault.kind)} ${faultConsequence(fault)} ${FAULT_REMEDY}`;
