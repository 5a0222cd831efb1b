// The two faces of the lists of rooms and accounts: a table for people, and one JSON object per entry for programs.
import { type Point, pointText } from '../look.js';
import { personText } from '../subject/person.js';
import { jsonText } from '../text/json.js';
import type { Paint } from '../text/paint.js';
import { tableLines } from '../text/table.js';
import type { AccountListed, RoomListed } from './lists.js';

export function roomsText(rooms: readonly RoomListed[], paint: Paint): readonly string[] {
  return table(
    ['ROOM', 'STATE', 'ACCESS', 'MEMBERS', 'ADMINS', 'LAST ACTIVITY', 'ID'],
    rooms.map((room) => [
      room.name === null ? '(redacted)' : `#${room.name}`,
      room.problem === null ? room.state : `${room.state}: ${room.problem}`,
      room.isPrivate ? 'private' : 'public',
      String(room.members),
      room.admins.map(personText).join(', '),
      lastText(room.lastActivity),
      room.id,
    ]),
    paint,
  );
}

export function accountsText(accounts: readonly AccountListed[], paint: Paint): readonly string[] {
  return table(
    ['ACCOUNT', 'STATE', 'TERMINALS', 'ROOMS', 'LAST ACTIVITY', 'ID'],
    accounts.map((account) => [
      account.name === null ? '(redacted)' : `@${account.name}`,
      account.problem === null ? account.state : `${account.state}: ${account.problem}`,
      String(account.devices),
      String(account.rooms),
      lastText(account.lastActivity),
      account.id,
    ]),
    paint,
  );
}

export const roomJson = ({ isPrivate, ...room }: RoomListed, at: Point): string =>
  jsonText('rooms/1', { at, ...room, private: isPrivate });
export const accountJson = (account: AccountListed, at: Point): string =>
  jsonText('accounts/1', { at, ...account });

function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): readonly string[] {
  if (rows.length === 0) return ['No entry matches.'];
  const [head = '', ...lines] = tableLines([titles, ...rows]);
  return [paint.faint(head), ...lines];
}

const lastText = (point: Point | null): string => (point === null ? 'none' : pointText(point));
