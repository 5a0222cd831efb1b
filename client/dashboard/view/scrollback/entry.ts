// One entry of a scrollback, and its rows: the time, the author or a mark, and the text. Pure.
import { dayOf, timeOfDay } from '../../../../core/time/local-time.js';
import { columnsOf, fitted } from '../../../../screen/paint/grapheme.js';
import { type Row, rowOf, wrapped } from '../../../../screen/paint/row.js';
import { piece, type Style } from '../../../../screen/paint/style.js';
import { nameStyle, type Theme } from '../../../../screen/paint/theme.js';
import { type Body, piecesOf } from './body.js';

export type EntryKind = 'message' | 'private' | 'system' | 'error' | 'notice' | 'notification' | 'detail';

export interface Entry {
  readonly kind: EntryKind;
  /** The id of a message; null for any other entry. */
  readonly id: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly author: string | null;
  readonly isOwn: boolean;
  readonly isMention: boolean;
  /** Whether the text is an action written with /me. It begins with the author's name. */
  readonly isAction?: boolean;
  /** Whether a bot wrote the message. */
  readonly isBot?: boolean;
  readonly body: Body;
  /** The delivery state of an own message, for example `✓ 1/2`; empty for other entries. */
  readonly mark: string;
}

/** The facts about the previous entry that decide which parts of this entry are shown. */
export interface EntryContext {
  /** Whether the previous entry is by the same author. Then the author is not named again. */
  readonly isGrouped: boolean;
  /** Whether the previous entry is of the same minute. Then the time is not shown again. */
  readonly isSameMinute: boolean;
  /** The day of this entry, if the previous entry is of another day; else null. */
  readonly day: string | null;
}

const MINUTE_MS = 60_000;
/**
 * Successive entries of one author name the author once in each period of this length. Periods begin at full multiples of it on
 * the clock.
 */
const GROUP_MS = 5 * MINUTE_MS;
const TIME_COLUMNS = 5;

/** The mark of each kind, for terminals without colours. */
const MARKS: { readonly [K in EntryKind]: string } = {
  message: '',
  private: '',
  system: '==',
  error: '!!',
  notice: '--',
  notification: '>>',
  detail: '',
};

/** The label in place of the author, whose name is in the text. */
const ACTION = '*';

/** Stands before the text of a bot where its name is shown. */
const BOT = 'bot';

// Most entries share one of the following three objects, to save memory.
const GROUPED: EntryContext = { isGrouped: true, isSameMinute: true, day: null };
const LATER: EntryContext = { isGrouped: true, isSameMinute: false, day: null };
const APART: EntryContext = { isGrouped: false, isSameMinute: false, day: null };

/**
 * Whether both entries are in the same period of length `stretchMs`. The periods fit every time zone, because time zones differ
 * by multiples of a quarter of an hour.
 */
const isWithin = (stretchMs: number, one: Entry, other: Entry): boolean =>
  Math.floor(one.at / stretchMs) === Math.floor(other.at / stretchMs);

export function contextOf(entry: Entry, before: Entry | undefined): EntryContext {
  const day = dayOf(entry.at);
  const isGrouped =
    before !== undefined &&
    entry.author !== null &&
    entry.author === before.author &&
    entry.isAction !== true &&
    before.isAction !== true &&
    entry.isBot === before.isBot &&
    entry.kind === before.kind &&
    isWithin(GROUP_MS, entry, before);
  const isNewDay = before === undefined || dayOf(before.at) !== day;
  if (isNewDay) return { ...APART, day };
  if (!isGrouped) return APART;
  return isWithin(MINUTE_MS, entry, before) ? GROUPED : LATER;
}

export function entryRows(
  entry: Entry,
  { isGrouped, isSameMinute, day }: EntryContext,
  columns: number,
  theme: Theme,
): readonly Row[] {
  const names = nameColumns(columns);
  const indent = TIME_COLUMNS + 1 + names + 1;
  const style = styleOf(entry, theme);
  const isUntimed = entry.kind === 'detail' || (isGrouped && isSameMinute);
  const time = fitted(isUntimed ? '' : timeOfDay(entry.at), TIME_COLUMNS);
  const named = entry.isAction === true ? ACTION : entry.author;
  const author = named === null ? MARKS[entry.kind] : isGrouped ? '' : named;
  const authorStyle = entry.author === null ? style : nameStyle(theme, entry.author);
  const divider = entry.isMention
    ? piece('▐', theme.unread)
    : piece(entry.kind === 'private' ? '┊' : '│', entry.kind === 'private' ? theme.private : theme.border);
  const text = piecesOf(entry.body, style, theme);
  const body = entry.isBot === true && !isGrouped ? [piece(`${BOT} `, theme.faint), ...text] : text;
  const marked = entry.mark === '' ? body : [...body, piece(` ${entry.mark}`, theme.faint)];
  const rows = wrapped(marked, Math.max(2, columns - indent - 1));
  const lines = rows.map((row, index) => {
    const lead = [
      piece(index === 0 ? time : ' '.repeat(TIME_COLUMNS), theme.faint),
      piece(' ', theme.text),
      piece(fitted(index === 0 ? author : '', names, 'right'), authorStyle),
    ];
    return [...rowOf([...lead, divider, piece(' ', theme.text)]), ...row];
  });
  return day === null ? lines : [ruleRow(day, columns, theme.day), ...lines];
}

/** A horizontal rule with a word in it. */
export function ruleRow(word: string, columns: number, style: Style): Row {
  const rest = Math.max(0, columns - columnsOf(word) - 6);
  return rowOf([piece(`──── ${word} ${'─'.repeat(rest)}`, style)]);
}

/** The style of the text where it is neither bold, nor italic, nor a link. */
function styleOf({ kind }: Pick<Entry, 'kind'>, theme: Theme): Style {
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
