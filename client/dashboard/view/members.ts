// The list of members beside a room: those online first, each with presence and role. Pure.
import type { RoomDetails } from '../model/directory-cache.js';
import { cut } from '../../../screen/paint/grapheme.js';
import { type Row, rowOf, spread } from '../../../screen/paint/row.js';
import { piece } from '../../../screen/paint/style.js';
import { nameStyle, type Theme } from '../../../screen/paint/theme.js';
import type { Size } from './layout.js';

const ROLE = ' admin ';

/** A row, and the member that a click on the row selects; null if the row shows no member. */
export interface MemberRow {
  readonly row: Row;
  readonly username: string | null;
}

/** As many rows as fit. @param room undefined until the room is loaded */
export function memberRows(
  room: RoomDetails | undefined,
  { columns, rows }: Size,
  theme: Theme,
): readonly MemberRow[] {
  const members = room?.members ?? [];
  const words = (text: string): MemberRow => ({
    row: rowOf([piece(cut(text, columns), theme.heading)]),
    username: null,
  });
  const heading = words(room === undefined ? ' MEMBERS' : ` MEMBERS ${members.length}`);
  const space = Math.max(0, rows - 1);
  const shown = members.length > space ? Math.max(0, space - 1) : members.length;
  const listed = members
    .toSorted((one, other) => Number(other.isOnline) - Number(one.isOnline))
    .slice(0, shown)
    .map(({ username, isAdmin, isOnline }): MemberRow => {
      const role = rowOf([piece(isAdmin ? ROLE : ' ', theme.faint)]);
      const name = cut(username, columns - 3 - role.length - 1);
      const left = rowOf([
        piece(isOnline ? ' ● ' : ' ○ ', isOnline ? theme.good : theme.faint),
        piece(name, isOnline ? nameStyle(theme, username) : theme.faint),
      ]);
      return { row: spread(left, role, columns, theme.text), username };
    });
  const rest = members.length - shown;
  return [heading, ...listed, ...(rest > 0 && space > 0 ? [words(`   and ${rest} more`)] : [])];
}
