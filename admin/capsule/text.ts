// The report about a capsule, for its operator.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { counted } from '../progress.js';
import { jsonText } from '../text/json.js';
import type { Capsule } from './capsule.js';

export function capsuleText({ selection, head }: Capsule, file: string): readonly string[] {
  const { ids, leftOut } = selection;
  return [
    `wrote ${counted(head.position)} events of ${counted(ids.size)} rooms and accounts to ${file}`,
    ...(leftOut === 0 ? [] : [`people and terminals left out, because they were gone: ${counted(leftOut)}`]),
    'The file has pseudonyms for all ids, names, texts and times. It keeps the distances between times, and who did what in which order.',
    'To see the file as its receiver does, import it into a new home with `partyline admin import`, and replay it there.',
  ].map(sanitiseLine);
}

/** The pseudonyms with the names that they stand for. */
export const namesText = ({ pseudonyms }: Capsule): readonly string[] =>
  [...pseudonyms.named].map(([pseudonym, name]) => sanitiseLine(`${pseudonym}  ${name}`));

export const capsuleJson = ({ selection, pseudonyms, head }: Capsule, hasNames: boolean): string =>
  jsonText('capsule/1', {
    events: head.position,
    subjects: selection.ids.size,
    leftOut: selection.leftOut,
    names: hasNames ? Object.fromEntries(pseudonyms.named) : null,
  });
