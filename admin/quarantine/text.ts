// The output of `partyline admin quarantine`.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { counted } from '../progress.js';
import { jsonText } from '../text/json.js';
import type { Quarantined } from './quarantine.js';

export function quarantineText({
  request,
  target,
  event,
  remaining,
  rowsChanged,
}: Quarantined): readonly string[] {
  const { isRelease, isDryRun } = request;
  const { position, stream, version, type, problem, later, quarantine } = target;
  if (event === null) {
    const state =
      quarantine === null ? 'is not quarantined' : `is already quarantined, by position ${quarantine.by}`;
    return [`the event at position ${position} ${state}; nothing was changed`];
  }
  const place = isDryRun ? '' : `${event.position}  `;
  const recorded = `  ${place}${event.stream} v${event.version}  ${event.type}  ${JSON.stringify(event.payload)}  ${JSON.stringify(event.personal)}`;
  const what = `the event at position ${position} (${stream} v${version}, ${type})`;
  const done = isRelease ? `${what} is released` : `${what} is quarantined`;
  const lines = [
    isDryRun ? `dry run: ${done}` : `${done} (a running tracker continues within seconds)`,
    ...(isDryRun ? ['It would record this event:'] : []),
    recorded,
    ...(isRelease
      ? [
          problem === null
            ? 'This version can read the event: it is applied again.'
            : `This version cannot read the event: ${stream} stops there again (${problem}).`,
        ]
      : [`This version cannot read the event: ${problem ?? ''}.`]),
    `Later events in ${stream}: ${counted(later)}.`,
    ...(isDryRun ? ['It would notify nobody.', 'Nothing was changed.'] : ['Notified: nobody.']),
    ...(rowsChanged > 0 ? [`Rows of the tables that changed with it: ${counted(rowsChanged)}.`] : []),
    ...(remaining === null
      ? []
      : [
          `Another event cannot be read: position ${remaining.position} in ${remaining.stream} (${remaining.reason}).`,
        ]),
  ];
  return lines.map(sanitiseLine);
}

export function quarantineJson({ request, target, event, remaining, rowsChanged }: Quarantined): string {
  const { position, stream, version, type, problem, later } = target;
  return jsonText('quarantine/1', {
    dryRun: request.isDryRun,
    undo: request.isRelease,
    changed: event !== null,
    target: { position, stream, version, type, problem, laterEvents: later },
    event:
      event === null
        ? null
        : {
            position: request.isDryRun ? null : event.position,
            stream: event.stream,
            version: event.version,
            type: event.type,
            schemaVersion: event.schemaVersion,
            payload: event.payload,
            personal: event.personal,
          },
    rowsChanged,
    remaining,
  });
}
