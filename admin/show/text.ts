// The output of `admin show` for people.
import { type Point, pointText } from '../look.js';
import { personText } from '../subject/person.js';
import type { Paint } from '../text/paint.js';
import { tableLines, titled } from '../text/table.js';
import { successionText } from '../succession/cause.js';
import type { AccountShown } from './account.js';
import type { Listed, RoomShown } from './room.js';

const NONE = ['none'];

/** @param notes lines about the moment */
export function shownText(
  shown: RoomShown | AccountShown,
  end: number,
  paint: Paint,
  notes: readonly string[] = [],
): readonly string[] {
  const at = `${pointText(shown.at)}${shown.at.position === end ? '' : `, of ${end}`}`;
  const body = shown.kind === 'room' ? roomText(shown) : accountText(shown);
  const sign = shown.kind === 'room' ? '#' : '@';
  const title = shown.name === null ? shown.kind : `${sign}${shown.name}`;
  return [`${paint.heading(title)}  ${paint.faint(shown.id)}`, ...titled('at', [at, ...notes]), ...body];
}

function roomText(room: RoomShown): readonly string[] {
  if (room.state === 'unopened') return titled('state', ['the room does not exist yet']);
  const kind = room.isPrivate ? 'private' : 'public';
  return [
    ...titled('state', [`${kind}, ${room.state}${room.state === 'open' ? attendance(room) : ''}`]),
    ...titled('created', room.created === null ? NONE : [`${pointText(room.created)}${by(room.created)}`]),
    ...(room.lastEvent === null
      ? []
      : titled('last event', [`${pointText(room.lastEvent)}, ${room.lastEvent.type}`])),
    ...titled('topic', topicText(room)),
    ...titled(
      'leads',
      orNone(
        tableLines(
          room.admins.map((admin) => [
            personText(admin),
            pointText(admin.since),
            successionText({ event: admin.event, after: admin.after, because: admin.because, by: admin.by }),
          ]),
        ),
      ),
    ),
    ...titled('next', [nextText(room)]),
    ...titled('members', [
      String(room.members.length),
      ...tableLines(
        room.members.map((member) => [
          personText(member),
          pointText(member.since),
          member.isAdmin ? 'admin' : '',
        ]),
      ),
    ]),
    ...titled('banned', orNone(tableLines(room.banned.map((one) => [...listed(one), one.reason ?? ''])))),
    ...titled('invited', orNone(tableLines(room.invited.map(listed)))),
  ];
}

const attendance = ({ unattended }: RoomShown): string =>
  unattended === null
    ? ', attended'
    : `, unattended since ${pointText(unattended)}; a member becomes admin ${unattended.deadline === null ? 'never' : `at ${unattended.deadline}`}`;

function topicText({ topic }: RoomShown): readonly string[] {
  if (topic === null) return NONE;
  return [`${topic.text ?? '(redacted)'}  (${pointText(topic)}${by(topic)})`];
}

function nextText({ next, admins, state }: RoomShown): string {
  if (state !== 'open') return 'nobody';
  const when = admins.length > 1 ? `once the last of ${admins.length} admins goes: ` : '';
  if (next === null) return `${when}nobody; every member is an admin`;
  const rule = next.rule === 'named' ? 'the named successor' : 'the longest-standing member';
  return `${when}${personText(next)}, ${rule}`;
}

const by = (event: Point & { readonly by: Listed['by'] }): string =>
  event.by === null ? '' : `, by ${personText(event.by)}`;

const listed = (one: Listed): readonly string[] => [
  personText(one),
  pointText(one.since),
  one.by === null ? '' : `by ${personText(one.by)}`,
];

function accountText(account: AccountShown): readonly string[] {
  if (account.state === 'unregistered') return titled('state', ['the account does not exist yet']);
  const { throttled, disabled, registered } = account;
  const state = [
    disabled === null
      ? 'active'
      : `disabled since ${pointText(disabled)}${disabled.reason === null || disabled.reason === '' ? '' : `: ${disabled.reason}`}`,
    ...(throttled === null
      ? []
      : [`logins from one origin are throttled since ${pointText(throttled)}, until ${throttled.until}`]),
  ];
  return [
    ...titled('state', state),
    ...titled('registered', registered === null ? NONE : [pointText(registered)]),
    ...titled(
      'names',
      tableLines(
        account.names.map(({ name, from, until }) => [
          name === null ? '(redacted)' : `@${name}`,
          pointText(from),
          until === null ? '' : `until ${pointText(until)}`,
        ]),
      ),
    ),
    ...titled(
      'devices',
      orNone(
        tableLines(
          account.devices.map(({ name, device, enrolled }) => [name ?? '', device, pointText(enrolled)]),
        ),
      ),
    ),
    ...titled(
      'rooms',
      orNone(
        tableLines(
          account.rooms.map(({ name, id, joined, isAdmin }) => [
            name === null ? id : `#${name}`,
            pointText(joined),
            isAdmin ? 'admin' : '',
          ]),
        ),
      ),
    ),
  ];
}

const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? NONE : lines);
