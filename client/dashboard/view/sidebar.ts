// The list at the left: rooms, private conversations and people, each with what is to be known of it. Pure.
import type { CarrierKind, ConversationLabel, ConversationState } from '../../chat/events.js';
import { cut } from '../paint/grapheme.js';
import { padded, type Row, rowOf, spread } from '../paint/row.js';
import { type Piece, piece } from '../paint/style.js';
import type { Theme } from '../theme.js';

export interface Person {
  readonly username: string;
  readonly state: 'online' | 'away' | 'dnd';
}

export interface SidebarContent {
  readonly conversations: readonly ConversationState[];
  readonly people: readonly Person[];
  /** What carries the link to a person; null without one. */
  readonly carrierTo: (username: string) => CarrierKind | null;
  /** What the active window shows; null is the terminal's own window. */
  readonly selected: ConversationLabel | null;
}

const ROOMY_COLUMNS = 20;

/** A row, and what a click on it opens. */
export interface SidebarRow {
  readonly row: Row;
  readonly target: { readonly conversation: ConversationLabel | null } | { readonly person: string } | null;
}

/** As Alt and a digit, and the keys for the next one, go through them. */
export function orderOf(conversations: readonly ConversationState[]): readonly ConversationLabel[] {
  const labels = conversations.map(({ label }) => label);
  return [...labels.filter((one) => one.startsWith('#')), ...labels.filter((one) => one.startsWith('@'))];
}

export function sidebarRows(content: SidebarContent, columns: number, theme: Theme): readonly SidebarRow[] {
  const { conversations, people, selected, carrierTo } = content;
  const order = orderOf(conversations);
  const heading = (text: string): SidebarRow => ({
    row: rowOf([piece(` ${text}`, theme.heading)]),
    target: null,
  });
  const blank: SidebarRow = { row: [], target: null };
  const conversation = (label: ConversationLabel): SidebarRow => {
    const state = conversations.find((one) => one.label === label);
    const link = label.startsWith('@') ? linkMark(carrierTo(label.slice(1)), columns) : '';
    return conversationRow(label, order.indexOf(label) + 1, state, link, label === selected, columns, theme);
  };
  const home: SidebarRow = {
    row: padded(
      rowOf([piece('   Partyline', selected === null ? theme.selected : theme.text)]),
      columns,
      selected === null ? theme.selected : theme.text,
    ),
    target: { conversation: null },
  };
  const rooms = order.filter((label) => label.startsWith('#')).map(conversation);
  const privates = order.filter((label) => label.startsWith('@')).map(conversation);
  return [
    home,
    heading('ROOMS'),
    ...(rooms.length > 0 ? rooms : [hintRow('/create or /join', theme)]),
    blank,
    heading('PRIVATE'),
    ...(privates.length > 0 ? privates : [hintRow('/msg NAME', theme)]),
    blank,
    heading('PEOPLE'),
    ...people.map((person) => personRow(person, carrierTo(person.username), columns, theme)),
  ];
}

/** What carries the link, or that there is none; a letter where there is little room. */
function linkMark(carrier: CarrierKind | null, columns: number): string {
  if (carrier === null) return '–';
  return columns < ROOMY_COLUMNS ? carrier.charAt(0) : carrier;
}

function hintRow(text: string, theme: Theme): SidebarRow {
  return { row: rowOf([piece(`   ${text}`, theme.faint)]), target: null };
}

function conversationRow(
  label: ConversationLabel,
  number: number,
  state: ConversationState | undefined,
  link: string,
  isSelected: boolean,
  columns: number,
  theme: Theme,
): SidebarRow {
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
  return { row: spread(left, right, columns, base), target: { conversation: label } };
}

const STATE_MARKS: { readonly [S in Person['state']]: string } = { online: '●', away: '○', dnd: '⊘' };

function personRow(
  { username, state }: Person,
  carrier: CarrierKind | null,
  columns: number,
  theme: Theme,
): SidebarRow {
  const isThere = state === 'online';
  const mark = rowOf([piece(` ${linkMark(carrier, columns)} `, theme.faint)]);
  const row = rowOf([
    piece(` ${STATE_MARKS[state]} `, isThere ? theme.good : theme.faint),
    piece(cut(username, columns - 4 - mark.length), isThere ? theme.text : theme.faint),
  ]);
  return { row: spread(row, mark, columns, theme.text), target: { person: username } };
}
