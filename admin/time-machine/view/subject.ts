// The facts of a room or account as rows, each with the name of its fact, so that two moments can be compared. Pure.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { shortened, type Row, rowOf } from '../../../screen/paint/row.js';
import { type Piece, piece } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import type { Difference } from '../../diff/facts.js';
import type { Point } from '../../look.js';
import type { AccountShown } from '../../show/account.js';
import type { Listed, RoomShown } from '../../show/room.js';
import { successionText } from '../../succession/cause.js';
import { type Person, personText } from '../../subject/person.js';
import type { SubjectShown } from '../reads.js';
import { shortIso } from './text.js';

/** A fact in one row. `fact` and `value` are those of a `Difference`; an empty fact is never marked. */
interface FactRow {
  readonly fact: string;
  /** The entry of a list; null for a single value. */
  readonly value: string | null;
  readonly label: string;
  readonly text: string;
  /** The event behind the fact. */
  readonly source: string;
}

const LABEL_COLUMNS = 11;

export function subjectTitle(shown: SubjectShown): string {
  const sign = shown.kind === 'room' ? '#' : '@';
  return shown.name === null ? shown.id : sanitiseLine(`${sign}${shown.name}`);
}

/**
 * @param differences the facts that differ from the cursor's moment to the other one
 * @param side the moment that is shown
 */
export function subjectRows(
  shown: SubjectShown,
  differences: readonly Difference[],
  side: 'cursor' | 'other',
  columns: number,
  theme: Theme,
): readonly Row[] {
  const facts = shown.kind === 'room' ? roomFacts(shown) : accountFacts(shown);
  return facts.map((fact) => {
    const mark = markOf(fact, differences, side);
    const style = { ' ': theme.text, '-': theme.bad, '+': theme.good, '~': theme.unread }[mark];
    const pieces: readonly Piece[] = [
      piece(`${mark} `, style),
      piece(fact.label.padEnd(LABEL_COLUMNS), theme.heading),
      piece(sanitiseLine(fact.text), style),
      piece(fact.source === '' ? '' : `  ${fact.source}`, theme.faint),
    ];
    return shortened(rowOf(pieces), columns);
  });
}

function markOf(
  { fact, value }: FactRow,
  differences: readonly Difference[],
  side: 'cursor' | 'other',
): ' ' | '-' | '+' | '~' {
  for (const { fact: name, change, from, to } of differences) {
    if (name !== fact) continue;
    if (change === 'changed') return '~';
    if (change === 'removed' && side === 'cursor' && from === value) return '-';
    if (change === 'added' && side === 'other' && to === value) return '+';
  }
  return ' ';
}

const row = (
  fact: string,
  label: string,
  text: string,
  source: Point | null = null,
  value: string | null = null,
): FactRow => ({
  fact,
  value,
  label,
  text,
  source: source === null ? '' : `${source.position}, ${shortIso(source.time)}`,
});

const NONE = 'none';

function roomFacts(room: RoomShown): readonly FactRow[] {
  if (room.state === 'unopened') return [row('state', 'state', 'the room does not exist yet')];
  const { unattended, created, topic, next } = room;
  const attendance = unattended === null ? 'attended' : 'unattended';
  const state = room.state === 'open' ? `open, ${attendance}` : room.state;
  return [
    row('state', 'state', `${room.isPrivate ? 'private' : 'public'}, ${state}`, unattended),
    ...(created === null ? [] : [row('', 'created', by(created.by), created)]),
    row('topic', 'topic', topic === null ? NONE : (topic.text ?? '(redacted)'), topic),
    ...entries(room.admins, 'admins', 'leads', (admin) => `${personText(admin)}, ${successionText(admin)}`),
    row('successor', 'next', nextText(next)),
    row('', 'members', String(room.members.length)),
    ...room.members.map((member) =>
      row(
        'members',
        '',
        `${personText(member)}${member.isAdmin ? ', admin' : ''}`,
        member.since,
        member.account,
      ),
    ),
    ...entries(
      room.banned,
      'banned',
      'banned',
      (one) => `${personText(one)}, ${by(one.by)}${reasonText(one.reason)}`,
    ),
    ...entries(room.invited, 'invited', 'invited', (one) => `${personText(one)}, ${by(one.by)}`),
  ];
}

function entries<T extends Listed>(
  list: readonly T[],
  fact: string,
  label: string,
  textOf: (one: T) => string,
): readonly FactRow[] {
  if (list.length === 0) return [row('', label, NONE)];
  return list.map((one, index) => row(fact, index === 0 ? label : '', textOf(one), one.since, one.account));
}

const by = (person: Person | null): string => (person === null ? '' : `by ${personText(person)}`);
const reasonText = (reason: string | null): string => (reason === null || reason === '' ? '' : `: ${reason}`);

function nextText(next: RoomShown['next']): string {
  if (next === null) return 'nobody';
  return `${personText(next)}, ${next.rule === 'named' ? 'the named successor' : 'the longest-standing member'}`;
}

function accountFacts(account: AccountShown): readonly FactRow[] {
  if (account.state === 'unregistered') return [row('state', 'state', 'the account does not exist yet')];
  const { throttled, disabled, registered, devices, rooms, names } = account;
  return [
    row(
      'state',
      'state',
      disabled === null ? account.state : `disabled${reasonText(disabled.reason)}`,
      disabled,
    ),
    ...(throttled === null
      ? []
      : [row('state', '', `logins wait until ${shortIso(throttled.until)}`, throttled)]),
    ...(registered === null ? [] : [row('', 'registered', '', registered)]),
    ...names.map(({ name, from }, index) =>
      row(
        index === names.length - 1 ? 'name' : '',
        index === 0 ? 'names' : '',
        name === null ? '(redacted)' : `@${name}`,
        from,
      ),
    ),
    row('', 'logged in', devices.length === 0 ? 'from no terminal' : `from ${devices.length}:`),
    ...devices.map(({ device, name, enrolled }) =>
      row('devices', '', `${name ?? '(redacted)'} ${device.slice(0, 8)}…`, enrolled, device),
    ),
    row('', 'rooms', rooms.length === 0 ? NONE : String(rooms.length)),
    ...rooms.map(({ id, name, joined, isAdmin }) =>
      row('rooms', '', `${name === null ? id : `#${name}`}${isAdmin ? ', admin' : ''}`, joined, id),
    ),
  ];
}
