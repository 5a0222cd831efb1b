// The output of `admin diff` for people: one line for each fact that differs, with the event that changed it.
import { accountIdSchema } from '../../core/ids.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Look } from '../look.js';
import type { Paint } from '../text/paint.js';
import { tableLines } from '../text/table.js';
import type { Change, SubjectDiff } from './diff.js';

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** @param position the later moment, whose names are shown */
export async function diffText(
  look: Look,
  { id, name, events, changes }: SubjectDiff,
  position: number,
  paint: Paint,
): Promise<readonly string[]> {
  const title = `${paint.heading(sanitiseLine(name ?? id))}  ${paint.faint(`${id}, events: ${events}`)}`;
  const rows = await Promise.all(changes.map((change) => rowOf(look, change, position)));
  const lines = tableLines(rows).map((line, index) => {
    const change = changes[index]?.change;
    if (change === 'added') return paint.added(line);
    return change === 'removed' ? paint.removed(line) : line;
  });
  return [title, ...(lines.length === 0 ? ['  no difference'] : lines)];
}

async function rowOf(look: Look, change: Change, position: number): Promise<readonly string[]> {
  const show = async (value: string | null): Promise<string> =>
    value === null ? 'none' : await shown(look, change.fact, value, position);
  const value =
    change.change === 'changed'
      ? `${await show(change.from)} -> ${await show(change.to)}`
      : await show(change.to ?? change.from);
  const { event } = change;
  return [
    '',
    `${SIGNS[change.change]} ${change.fact}`,
    value,
    String(event.position),
    event.time ?? '',
    event.type,
  ];
}

async function shown(look: Look, fact: string, value: string, position: number): Promise<string> {
  if (fact === 'deadline') return new Date(Number(value)).toISOString();
  if (!accountIdSchema.safeParse(value).success) return value;
  const name = await look.names.ofAccount(value, position);
  return name === null ? value : `@${name}`;
}
