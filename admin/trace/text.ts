// The output of `admin trace` for people: a tree of the commands and their events.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { quarantineText } from '../log/entry.js';
import { personText } from '../subject/person.js';
import type { Names } from '../subject/names.js';
import type { Paint } from '../text/paint.js';
import { payloadText } from '../text/payload.js';
import type { Trace, TracedCommand, TracedEvent } from './trace.js';

export async function traceText(
  { correlationId, commands }: Trace,
  names: Names,
  paint: Paint,
): Promise<readonly string[]> {
  async function commandLines({ type, by, commandId, events }: TracedCommand): Promise<readonly string[]> {
    const actor = by === null ? 'the tracker or the operator' : personText(by);
    const title = paint.heading(sanitiseLine(type ?? 'unknown command'));
    const children = await Promise.all(events.map(eventLines));
    return [`${title} ${sanitiseLine(`by ${actor}  ${commandId}`)}`, ...branches(children)];
  }

  async function eventLines(event: TracedEvent): Promise<readonly string[]> {
    const { position, time, stream, version, subject, type, payload, quarantine } = event;
    const fields = await payloadText(names, payload, position);
    const note = quarantine === undefined ? '' : `  ${quarantineText(quarantine)}`;
    const line = `${position}  ${time ?? ''}  ${subject ?? stream} v${version}  ${type}  ${fields}${note}`;
    return [sanitiseLine(line), ...branches(await Promise.all(event.effects.map(commandLines)))];
  }

  const trees = await Promise.all(commands.map(commandLines));
  return [paint.faint(`correlation ${sanitiseLine(correlationId)}`), ...trees.flat()];
}

/** The lines of each child, joined to its parent. */
function branches(children: readonly (readonly string[])[]): readonly string[] {
  return children.flatMap((lines, index) => {
    const isLast = index === children.length - 1;
    return lines.map(
      (line, row) => `${row === 0 ? (isLast ? '└─ ' : '├─ ') : isLast ? '   ' : '│  '}${line}`,
    );
  });
}
