// The output of `admin what-if`: one block for each command with another result, and the summary.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { counted } from '../../progress.js';
import type { Names } from '../../subject/names.js';
import { type Person, personText } from '../../subject/person.js';
import { jsonText } from '../../text/json.js';
import type { Paint } from '../../text/paint.js';
import { tableLines, titled } from '../../text/table.js';
import { timeText } from '../../text/time.js';
import { eventLines, outcomeText, senderText } from '../decision-text.js';
import type { RoomDifference, WhatIfReport } from './report.js';
import { RULES } from './rules.js';
import type { Ruling } from './ruling.js';

const SOURCES = { log: '', inserted: 'inserted: ', consequence: 'consequence: ' } as const;

export async function rulingText(ruling: Ruling, names: Names, paint: Paint): Promise<string> {
  const { position, recordedAt, source, stream, command, sender, stored, fate } = ruling;
  const subject = (await names.ofStreamAt(stream, position)) ?? stream;
  const by = await senderText(sender, names, position);
  const asked = command === null ? 'an event without a command' : `${command.type} by ${by}`;
  const where = source === 'log' ? 'position' : 'before position';
  const place = sanitiseLine(`${where} ${position}  ${timeText(recordedAt)}  ${subject}`);
  const was = stored === null ? [] : await eventLines(stored, names, position);
  const now = fate.kind === 'recorded' ? await eventLines(fate.events, names, position) : [outcomeText(fate)];
  return [
    `${paint.heading(place)}  ${sanitiseLine(`${SOURCES[source]}${asked}`)}`,
    ...titled('  was', was).map((line) => paint.removed(line)),
    ...titled('  would be', now).map((line) => paint.added(line)),
  ].join('\n');
}

export const rulingJson = ({
  position,
  recordedAt,
  source,
  stream,
  command,
  sender,
  stored,
  fate,
}: Ruling): string =>
  jsonText('ruling/1', { position, at: timeText(recordedAt), source, stream, command, sender, stored, fate });

export function reportText(report: WhatIfReport, paint: Paint): readonly string[] {
  const { commands, different, rooms, accounts, told, rejoined, equalAfter, untouched } = report;
  const lines = [
    ...titled('decisions', [`${counted(different)} of ${counted(commands)} have another result`]),
  ];
  const add = (title: string, rows: readonly (readonly string[])[]): void => {
    if (rows.length > 0) lines.push(paint.heading(title), ...tableLines(rows.map((row) => ['', ...row])));
  };
  add('rooms that would differ', rooms.flatMap(roomRows));
  add(
    'accounts that would differ',
    accounts.map((account) => [
      personText(account),
      account.state.real === account.state.now
        ? `logged in on ${account.devices.now} terminals instead of ${account.devices.real}`
        : `${account.state.now} instead of ${account.state.real}`,
    ]),
  );
  add(
    'people who would get other notices',
    told.map((person) => [
      personText(person),
      [amount(person.more, 'more'), amount(person.fewer, 'fewer')].filter((text) => text !== '').join(', '),
    ]),
  );
  add(
    'rooms and accounts that are equal again',
    rejoined.map(({ stream, name, position }) => [name ?? stream, `after position ${position}`]),
  );
  lines.push(
    equalAfter === null
      ? 'The histories differ at the end.'
      : equalAfter === 0
        ? 'The histories do not differ.'
        : `The histories are equal again after position ${equalAfter}.`,
    `Untouched rooms and accounts: ${counted(untouched)}.`,
    ...notes(report),
  );
  return lines;
}

/** The limits of the result: facts that the log does not store. */
function notes({ presumedAbsences, unreadable }: WhatIfReport): readonly string[] {
  const lines = [
    'The log does not store refused commands, so this report lacks refused commands that would now be accepted.',
  ];
  if (presumedAbsences > 0) {
    lines.push(
      `The log does not store who was online. ${counted(presumedAbsences)} events about absent admins were therefore kept, although other people would be admins.`,
    );
  }
  if (unreadable.length > 0) {
    lines.push(
      sanitiseLine(
        `Rooms and accounts left out, because this version cannot apply one of their events: ${unreadable.join(', ')}.`,
      ),
    );
  }
  return lines;
}

const amount = (count: number, word: string): string =>
  count === 0 ? '' : `${counted(count)} ${word} notice${count === 1 ? '' : 's'}`;

function roomRows(room: RoomDifference): readonly (readonly string[])[] {
  const name = room.name === null ? room.id : `#${room.name}`;
  const { real, now } = room.state;
  const facts: (readonly [string, string])[] = [];
  if (real !== now) facts.push(['state', `${now} instead of ${real}`]);
  for (const list of ['members', 'admins', 'banned', 'invited'] as const) {
    const { added, removed } = room[list];
    const changes = [...signed('+', added), ...signed('-', removed)];
    if (changes.length > 0) facts.push([list, changes.join(' ')]);
  }
  if (room.isTopicOther) facts.push(['topic', 'another one']);
  if (facts.length === 0) facts.push(['order', 'another order of members, or another next admin']);
  return facts.map(([fact, value], index) => [index === 0 ? name : '', fact, value]);
}

const signed = (sign: string, people: readonly Person[]): readonly string[] =>
  people.map((person) => `${sign}${personText(person)}`);

export const reportJson = (report: WhatIfReport): string => jsonText('what-if/1', report);

/** The rules that `--rule` can change. */
export function rulesText(): readonly string[] {
  const rows = RULES.map(({ name, present, forms, meaning }) => [name, present, forms, meaning]);
  return tableLines([['rule', 'present value', 'values', 'meaning'], ...rows]);
}

export const rulesJson = (): readonly string[] =>
  RULES.map(({ name, present, forms, meaning }) => jsonText('rule/1', { name, present, forms, meaning }));
