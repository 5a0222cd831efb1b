// The list at the left: rooms, private conversations and people, each with what is to be known of it. Pure.
import type { ConversationLabel, ConversationState } from '../../chat/events.js';
import { cut } from '../paint/grapheme.js';
import { padded, type Row, rowOf, spread } from '../paint/row.js';
import { type Piece, piece } from '../paint/style.js';
import type { Theme } from '../theme.js';

export interface Person {
  readonly username: string;
  readonly isOnline: boolean;
}

export interface SidebarContent {
  readonly conversations: readonly ConversationState[];
  readonly people: readonly Person[];
  /** What the active window shows; null is the terminal's own window. */
  readonly selected: ConversationLabel | null;
}

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
  const { conversations, people, selected } = content;
  const order = orderOf(conversations);
  const heading = (text: string): SidebarRow => ({
    row: rowOf([piece(` ${text}`, theme.heading)]),
    target: null,
  });
  const blank: SidebarRow = { row: [], target: null };
  const conversation = (label: ConversationLabel): SidebarRow => {
    const state = conversations.find((one) => one.label === label);
    return conversationRow(label, order.indexOf(label) + 1, state, label === selected, columns, theme);
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
    ...people.map((person) => personRow(person, columns, theme)),
  ];
}

function hintRow(text: string, theme: Theme): SidebarRow {
  return { row: rowOf([piece(`   ${text}`, theme.faint)]), target: null };
}

function conversationRow(
  label: ConversationLabel,
  number: number,
  state: ConversationState | undefined,
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
  const marks: Piece[] = [
    ...(muted === null ? [] : [piece(' mute', isSelected ? theme.selected : theme.faint)]),
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

function personRow({ username, isOnline }: Person, columns: number, theme: Theme): SidebarRow {
  const row = rowOf([
    piece(isOnline ? ' ● ' : ' ○ ', isOnline ? theme.good : theme.faint),
    piece(cut(username, columns - 4), isOnline ? theme.text : theme.faint),
  ]);
  return { row, target: { person: username } };
}
