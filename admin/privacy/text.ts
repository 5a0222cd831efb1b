// The output of `partyline admin redact`.
import type { Names } from '../subject/names.js';
import { entryText } from '../log/entry.js';
import { counted } from '../progress.js';
import { jsonText } from '../text/json.js';
import type { RedactionPlan } from './plan.js';
import type { Redacted } from './redact.js';

/** The events that a redaction would change, and those that it would keep. */
export async function planText({ events, kept }: RedactionPlan, names: Names): Promise<readonly string[]> {
  const lines = await Promise.all(events.map((event) => entryText(event, names)));
  return [
    ...lines,
    `would remove the personal parts of ${counted(events.length)} events; nothing was changed`,
    ...keptText(kept),
  ];
}

export function redactedText({ plan, recorded, rows }: Redacted): readonly string[] {
  const deleted = Object.entries(rows).map(([table, count]) => `${table} ${counted(count)}`);
  return [
    recorded === 0
      ? 'nothing is left to remove; the database file was written again'
      : `removed the personal parts of ${counted(plan.events.length)} events, and recorded it in ${counted(recorded)}`,
    ...(deleted.length === 0 ? [] : [`deleted rows: ${deleted.join(', ')}`]),
    ...keptText(plan.kept),
    'Earlier backups and exports still contain the texts. Delete them, or run the same command on each restored home.',
  ];
}

export const redactionJson = (isDryRun: boolean, { plan, recorded, rows }: Redacted): string =>
  jsonText('redact/1', {
    dryRun: isDryRun,
    positions: plan.events.map(({ position }) => position),
    kept: plan.kept.map(({ position }) => position),
    recorded,
    deletedRows: rows,
  });

const keptText = (kept: RedactionPlan['kept']): readonly string[] =>
  kept.map(
    ({ position, stream }) =>
      `kept: the name of the open room ${stream} mentions the account. Redact position ${position} to remove it: nobody can then join the room by name.`,
  );
