// The rows around the windows: titles, the status bar and the hint. Pure.
import type { ConversationLabel, SessionChange } from '../../chat/events.js';
import { formattedTopic, plainTopic } from '../../wording/topic.js';
import { columnsOf, cut, fitting } from '../../../screen/paint/grapheme.js';
import { padded, type Row, rowOf, shortened, spread, wrapped } from '../../../screen/paint/row.js';
import { inBold, type Piece, piece, type Style } from '../../../screen/paint/style.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { bodyOf, piecesOf } from './scrollback/body.js';
import { type TitleContent, tripWords } from './titles.js';

/** The number of columns of the topic that are shown even if details do not fit then. */
const TOPIC_COLUMNS = 16;

interface TitleState {
  readonly isActive: boolean;
  readonly isScrolled: boolean;
  /** The number of new messages below the visible rows of a window that is scrolled back. */
  readonly newBelow: number;
}

export function titleRow(
  label: ConversationLabel | null,
  { topic, details }: TitleContent,
  { isActive, isScrolled, newBelow }: TitleState,
  columns: number,
  theme: Theme,
): Row {
  const style = isActive ? theme.activeBar : theme.bar;
  const mark = isActive ? '▸' : ' ';
  const name = `${mark} ${label ?? 'Partyline'}`;
  const about = topic === '' ? 0 : columnsOf(`  ${plainTopic(topic)}`);
  const room = columns - columnsOf(name) - Math.min(about, TOPIC_COLUMNS) - 3;
  const news = newBelow > 0 ? `${newBelow} new below` : '';
  const all = [news !== '' ? news : isScrolled ? 'scrolled back' : '', ...details].filter(
    (word) => word !== '',
  );
  // The number of new messages is always shown, even if name and topic must be cut.
  const summary = `${fitting(all, Math.max(room, columnsOf(news)))} `;
  const left = [piece(topic === '' ? name : `${name}  `, style), ...topicPieces(topic, style, theme)];
  const shown = shortened(rowOf(left), columns - columnsOf(summary) - 2);
  return spread(shown, rowOf([piece(summary, style)]), columns, style);
}

/** The topic with its markup, in the colours of the title. */
function topicPieces(topic: string, style: Style, theme: Theme): readonly Piece[] {
  if (topic === '') return [];
  const { text, spans } = formattedTopic(topic);
  return piecesOf(bodyOf(text, spans, []), style, theme).map((one) => ({
    ...one,
    style: { ...one.style, ...style, isBold: style.isBold === true || one.style.isBold === true },
  }));
}

export interface StatusBar {
  readonly username: string | null;
  readonly session: SessionChange;
  /** The round trip to the broker in milliseconds; null without a connection. */
  readonly brokerMs: number | null;
  /** The number of own messages that some recipients have not received yet. */
  readonly queued: number;
  readonly isDnd: boolean;
  /** The number of conversations with unread messages. */
  readonly unread: number;
  readonly hasMouse: boolean;
  /** The time of day, such as `12:01`. */
  readonly time: string;
}

const SESSION_MARKS: { readonly [S in SessionChange['state']]: string } = {
  connecting: '◌ connecting',
  guest: '○ not logged in',
  online: '● online',
  reconnecting: '◌ reconnecting',
  offline: '✗ offline',
};

export function statusRow(status: StatusBar, columns: number, theme: Theme): Row {
  const { session, queued, unread } = status;
  const isGood = session.state === 'online';
  const reason = isGood || session.reason === '' ? '' : `: ${session.reason}`;
  const stateStyle = isGood ? theme.bar : inBold(theme.bar);
  const right = [
    status.brokerMs === null ? '' : `broker ${tripWords(status.brokerMs)}`,
    queued > 0 ? `… ${queued} waiting` : '',
    unread > 0 ? `${unread} unread` : '',
    status.isDnd ? 'do not disturb' : '',
    status.hasMouse ? '' : 'mouse selects text',
    status.time,
  ].filter((word) => word !== '');
  const tail = rowOf([piece(`${right.join(' · ')} `, theme.bar)]);
  const who = status.username === null ? ' ' : ` ${status.username}  `;
  const details = cut(
    `${SESSION_MARKS[session.state]}${reason}`,
    Math.max(12, columns - tail.length - who.length - 2),
  );
  const left = rowOf([piece(who, inBold(theme.bar)), piece(details, stateStyle)]);
  return spread(left, tail, columns, theme.bar);
}

const PROBLEM_ROWS_MAX = 4;

/** The rows above the status bar with the problem of the line that was entered. */
export function problemRows(problem: string, columns: number, theme: Theme): readonly Row[] {
  const rows = wrapped([piece(`!! ${problem}`, theme.error)], columns - 2);
  return rows
    .slice(0, PROBLEM_ROWS_MAX)
    .map((row) => padded([...rowOf([piece(' ', theme.error)]), ...row], columns, theme.error));
}

/** @param kind an event, an error, or a hint about the next step */
export function hintRow(
  text: string,
  kind: 'notification' | 'error' | 'hint',
  columns: number,
  theme: Theme,
): Row {
  const styles = { notification: theme.notification, error: theme.error, hint: theme.faint } as const;
  const shown = kind === 'hint' ? fitting(text.split(' · '), columns - 1) : text;
  return padded(rowOf([piece(cut(` ${shown}`, columns), styles[kind])]), columns, theme.text);
}
