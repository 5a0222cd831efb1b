// One entry of a scrollback and the rows it takes: time, who or a mark, and the text beside them. Pure.
import { dayOf, timeOfDay } from '../../../core/time/local-time.js';
import { columnsOf, fitted } from '../paint/grapheme.js';
import { type Row, rowOf, wrapped } from '../paint/row.js';
import { type Piece, piece, type Style } from '../paint/style.js';
import { nameStyle, type Theme } from '../paint/theme.js';

/** What is told of an entry beside its text: who said it, or what kind of line it is. */
export type EntryKind = 'message' | 'private' | 'system' | 'error' | 'notice' | 'notification' | 'detail';

/**
 * Text in the style of its kind, or pieces where a part of it looks otherwise. Most of what is said is plain, and twenty
 * thousand are kept of each conversation.
 */
export type Body = string | readonly Piece[];

export interface Entry {
  readonly kind: EntryKind;
  /** Of a message. */
  readonly id: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author: string | null;
  readonly isOwn: boolean;
  readonly isMention: boolean;
  readonly body: Body;
  /** How far one's own message has come, as in `✓ 1/2`; empty otherwise. */
  readonly mark: string;
}

/** What stands before it decides of what is shown again. */
export interface Context {
  /** The same author goes on: they are not named again. */
  readonly isGrouped: boolean;
  /** It was said in the same minute as what stands above, whose time is told. */
  readonly isSameMinute: boolean;
  /** The day that begins with it, to be told. */
  readonly day: string | null;
}

const MINUTE_MS = 60_000;
/** Who goes on talking is named anew this often, by the clock. */
const GROUP_MS = 5 * MINUTE_MS;
const TIME_COLUMNS = 5;

/** Marks tell kinds apart where colours do not. */
const MARKS: { readonly [K in EntryKind]: string } = {
  message: '',
  private: '',
  system: '==',
  error: '!!',
  notice: '--',
  notification: '>>',
  detail: '',
};

// Most entries have one of these: they are made once.
const GROUPED: Context = { isGrouped: true, isSameMinute: true, day: null };
const LATER: Context = { isGrouped: true, isSameMinute: false, day: null };
const APART: Context = { isGrouped: false, isSameMinute: false, day: null };

/** Of the clock on the wall, too: zones differ by whole quarters of an hour. */
const isWithin = (stretchMs: number, one: Entry, other: Entry): boolean =>
  Math.floor(one.at / stretchMs) === Math.floor(other.at / stretchMs);

export function contextOf(entry: Entry, before: Entry | undefined): Context {
  const day = dayOf(entry.at);
  const isGrouped =
    before !== undefined &&
    entry.author !== null &&
    entry.author === before.author &&
    entry.kind === before.kind &&
    isWithin(GROUP_MS, entry, before);
  const isNewDay = before === undefined || dayOf(before.at) !== day;
  if (isNewDay) return { ...APART, day };
  if (!isGrouped) return APART;
  return isWithin(MINUTE_MS, entry, before) ? GROUPED : LATER;
}

export function entryRows(
  entry: Entry,
  { isGrouped, isSameMinute, day }: Context,
  columns: number,
  theme: Theme,
): readonly Row[] {
  const names = nameColumns(columns);
  const indent = TIME_COLUMNS + 1 + names + 1;
  const style = styleOf(entry, theme);
  const isUntimed = entry.kind === 'detail' || (isGrouped && isSameMinute);
  const time = fitted(isUntimed ? '' : timeOfDay(entry.at), TIME_COLUMNS);
  const who = entry.author === null ? MARKS[entry.kind] : isGrouped ? '' : entry.author;
  const whoStyle = entry.author === null ? style : nameStyle(theme, entry.author);
  const divider = entry.isMention
    ? piece('▐', theme.unread)
    : piece(entry.kind === 'private' ? '┊' : '│', entry.kind === 'private' ? theme.private : theme.border);
  const body = typeof entry.body === 'string' ? [piece(entry.body, style)] : entry.body;
  const marked = entry.mark === '' ? body : [...body, piece(` ${entry.mark}`, theme.faint)];
  const rows = wrapped(marked, Math.max(2, columns - indent - 1));
  const lines = rows.map((row, index) => {
    const lead = [
      piece(index === 0 ? time : ' '.repeat(TIME_COLUMNS), theme.faint),
      piece(' ', theme.text),
      piece(fitted(index === 0 ? who : '', names, 'right'), whoStyle),
    ];
    return [...rowOf([...lead, divider, piece(' ', theme.text)]), ...row];
  });
  return day === null ? lines : [ruleRow(day, columns, theme.day), ...lines];
}

/** A line across with a word in it. */
export function ruleRow(word: string, columns: number, style: Style): Row {
  const rest = Math.max(0, columns - columnsOf(word) - 6);
  return rowOf([piece(`──── ${word} ${'─'.repeat(rest)}`, style)]);
}

/** The style of the text itself, before bold, italics and links in it. */
export function styleOf({ kind }: Pick<Entry, 'kind'>, theme: Theme): Style {
  switch (kind) {
    case 'message':
      return theme.text;
    case 'private':
      return theme.private;
    case 'system':
    case 'detail':
      return theme.system;
    case 'error':
      return theme.error;
    case 'notice':
      return theme.notice;
    case 'notification':
      return theme.notification;
  }
}

function nameColumns(columns: number): number {
  if (columns >= 100) return 16;
  return columns >= 50 ? 10 : 7;
}
