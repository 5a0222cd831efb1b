// The sidebar: rooms, private conversations and people, each with its counts, marks and link. Pure.
import type { PresenceState } from '../../../core/protocol/operations.js';
import type { CarrierKind, ConversationLabel, ConversationState } from '../../chat/events.js';
import { orderOf } from '../model/conversation-order.js';
import type { Person } from '../model/directory-cache.js';
import { cut } from '../../../screen/paint/grapheme.js';
import { padded, type Row, rowOf, spread } from '../../../screen/paint/row.js';
import { type Piece, piece, type Style } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';

export interface SidebarContent {
  readonly conversations: readonly ConversationState[];
  readonly people: readonly Person[];
  /** The carrier of the link to a person; null without a link. */
  readonly carrierTo: (username: string) => CarrierKind | null;
  /** The content of the active window; null for the terminal's own messages. */
  readonly selected: ConversationLabel | null;
}

const ROOMY_COLUMNS = 20;

/** A row and the target of a click on it. */
export interface SidebarRow {
  readonly row: Row;
  readonly target: { readonly conversation: ConversationLabel | null } | { readonly person: string } | null;
}

/** A row that is made only if it is visible, because there may be a thousand people. */
interface LazyRow {
  readonly target: SidebarRow['target'];
  readonly paint: () => Row;
}

/** As many rows as fit. The row of the conversation in the active window is among them. */
export function sidebarRows(
  content: SidebarContent,
  size: { readonly columns: number; readonly rows: number },
  theme: Theme,
): readonly SidebarRow[] {
  const rows = lazyRows(content, size.columns, theme);
  const { selected } = content;
  const at = rows.findIndex(
    ({ target }) => target !== null && 'conversation' in target && target.conversation === selected,
  );
  const first = Math.max(0, Math.min(at - Math.floor(size.rows / 2), rows.length - size.rows));
  return rows.slice(first, first + size.rows).map(({ target, paint }) => ({ target, row: paint() }));
}

function words(text: string, style: Style): LazyRow {
  return { target: null, paint: () => rowOf([piece(text, style)]) };
}

function lazyRows(content: SidebarContent, columns: number, theme: Theme): readonly LazyRow[] {
  const { conversations, people, selected, carrierTo } = content;
  const states = new Map(conversations.map((state) => [state.label, state]));
  const rows = orderOf(conversations).map((label, index): LazyRow => {
    const link = (): string => (label.startsWith('@') ? linkMark(carrierTo(label.slice(1)), columns) : '');
    const isSelected = label === selected;
    return {
      target: { conversation: label },
      paint: () => conversationRow(label, index + 1, states.get(label), link(), isSelected, columns, theme),
    };
  });
  const rooms = rows.slice(0, conversations.filter(({ label }) => label.startsWith('#')).length);
  const privates = rows.slice(rooms.length);
  const home = selected === null ? theme.selected : theme.text;
  return [
    {
      target: { conversation: null },
      paint: () => padded(rowOf([piece('   Partyline', home)]), columns, home),
    },
    words(' ROOMS', theme.heading),
    ...(rooms.length > 0 ? rooms : [words('   /create or /join', theme.faint)]),
    words('', theme.text),
    words(' PRIVATE', theme.heading),
    ...(privates.length > 0 ? privates : [words('   /msg NAME', theme.faint)]),
    words('', theme.text),
    words(' PEOPLE', theme.heading),
    ...people.map((person) => ({
      target: { person: person.username },
      paint: () => personRow(person, carrierTo(person.username), columns, theme),
    })),
  ];
}

/** The carrier of a link, its first letter in a narrow sidebar, or `–` without a link. */
function linkMark(carrier: CarrierKind | null, columns: number): string {
  if (carrier === null) return '–';
  return columns < ROOMY_COLUMNS ? carrier.charAt(0) : carrier;
}

function conversationRow(
  label: ConversationLabel,
  number: number,
  state: ConversationState | undefined,
  link: string,
  isSelected: boolean,
  columns: number,
  theme: Theme,
): Row {
  const { unread = 0, mentions = 0, muted = null } = state ?? {};
  const base = isSelected
    ? theme.selected
    : muted !== null
      ? theme.faint
      : unread > 0
        ? theme.unread
        : theme.text;
  const faint = isSelected ? theme.selected : theme.faint;
  const marks: Piece[] = [
    ...(link === '' ? [] : [piece(` ${link}`, faint)]),
    ...(muted === null ? [] : [piece(muted === 'mentions' ? ' mute@' : ' mute', faint)]),
    ...(mentions === 0 ? [] : [piece(` @${mentions} `, theme.mention)]),
    ...(unread === 0 ? [] : [piece(` ${unread}`, isSelected ? theme.selected : theme.unread)]),
    piece(' ', base),
  ];
  const right = rowOf(marks);
  const digit = number <= 9 ? String(number) : ' ';
  const name = cut(label, Math.max(3, columns - right.length - 4));
  const left = rowOf([piece(` ${digit} `, isSelected ? theme.selected : theme.faint), piece(name, base)]);
  return spread(left, right, columns, base);
}

const STATE_MARKS: { readonly [S in PresenceState]: string } = { online: '●', away: '◐', dnd: '⊘' };

function personRow(
  { username, state }: Person,
  carrier: CarrierKind | null,
  columns: number,
  theme: Theme,
): Row {
  const isThere = state === 'online';
  const mark = rowOf([piece(` ${linkMark(carrier, columns)} `, theme.faint)]);
  const row = rowOf([
    piece(` ${STATE_MARKS[state]} `, isThere ? theme.good : theme.faint),
    piece(cut(username, columns - 4 - mark.length), isThere ? theme.text : theme.faint),
  ]);
  return spread(row, mark, columns, theme.text);
}
