// The output of `admin rehearse`.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { OperatorError } from '../../core/errors.js';
import { counted } from '../progress.js';
import type { Names } from '../subject/names.js';
import { jsonText } from '../text/json.js';
import type { Paint } from '../text/paint.js';
import { titled } from '../text/table.js';
import { timeText } from '../text/time.js';
import { eventLines, outcomeText, senderText } from './decision-text.js';
import type { Mismatch, Rehearsal } from './rehearse.js';

const SECOND_MS = 1_000;

export async function rehearsalText(
  rehearsal: Rehearsal,
  durationMs: number,
  names: Names,
  paint: Paint,
): Promise<readonly string[]> {
  const { events, streams, commands, eventsWithoutCommand, eventsSkipped, mismatches, first } = rehearsal;
  const lines: string[] = [];
  for (const mismatch of first) lines.push(...(await mismatchText(mismatch, names, paint)), '');
  if (mismatches > first.length) {
    lines.push(`${counted(mismatches - first.length)} further differences are not shown`, '');
  }
  const applied = eventsSkipped === 0 ? 'all applied' : `${counted(eventsSkipped)} not checked`;
  const seconds = (durationMs / SECOND_MS).toFixed(1);
  return [
    ...lines,
    ...titled('events', [`${counted(events)} of ${counted(streams)} rooms and accounts, ${applied}`]),
    ...titled('commands', [`${counted(commands)} decided again, ${counted(mismatches)} different`]),
    ...titled('no command', [`${counted(eventsWithoutCommand)} events, only applied`]),
    ...titled('speed', [`${counted(rateOf(events, durationMs))} events per second, ${seconds} s`]),
  ];
}

async function mismatchText(mismatch: Mismatch, names: Names, paint: Paint): Promise<readonly string[]> {
  const { position, recordedAt, stream, version, command, account, stored, now } = mismatch;
  const subject = (await names.ofStreamAt(stream, position)) ?? stream;
  const sender = await senderText(account, names, position);
  const asked = command === null ? 'an event without a command' : `${command.type} by ${sender}`;
  const place = `position ${position}  ${timeText(recordedAt)}  ${subject} v${version}`;
  const inNow = now.kind === 'recorded' ? await eventLines(now.events, names, position) : [outcomeText(now)];
  return [
    `${paint.heading(sanitiseLine(place))}  ${sanitiseLine(asked)}`,
    ...titled('  stored', await eventLines(stored, names, position)).map((line) => paint.removed(line)),
    ...titled('  now', inNow).map((line) => paint.added(line)),
  ];
}

const rateOf = (events: number, durationMs: number): number =>
  Math.round((events * SECOND_MS) / Math.max(durationMs, 1));

export const rehearsalJson = (rehearsal: Rehearsal, durationMs: number): string =>
  jsonText('rehearsal/1', {
    ...rehearsal,
    first: rehearsal.first.map(({ recordedAt, ...fields }) => ({ ...fields, at: timeText(recordedAt) })),
    durationMs: Math.round(durationMs),
    eventsPerSecond: rateOf(rehearsal.events, durationMs),
  });

/** The error for a log with mismatches; null if every command is decided as stored. */
export function rehearsalError({ mismatches, first }: Rehearsal): OperatorError | null {
  const [earliest] = first;
  if (earliest === undefined) return null;
  return new OperatorError(
    `this version gives other results than the log in ${counted(mismatches)} places, first at position ${earliest.position}`,
    'Keep using the version of Partyline that wrote the log, and report the difference.',
  );
}
