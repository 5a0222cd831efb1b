// Every event as the line or lines it gets: time, mark, conversation, who, text. Pure but for the clock.
import type { Clock } from '../../core/time/clock.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Span } from '../../core/protocol/message/spans.js';
import type { ChatMessage, ChatNotice } from '../chat/events.js';
import { mentionsOf } from '../chat/notifications/mentions.js';
import type { Reply } from '../commands/reply.js';
import type { Ink, Kind } from './ink.js';
import { rowsOf } from '../wording/lists.js';
import { isDoneTo, noticeSentence } from '../wording/sentences.js';
import { textLines } from './text.js';
import { timeOf } from '../../core/time/local-time.js';
import { aligned } from '../wording/width.js';

/**
 * What each kind of line begins with, after the time: nothing is told by colour alone. Where others write, the mark is the
 * sign of the conversation, `#` or `@`; `|` continues the line above, in a column that no line starts in.
 */
const MARKS: { readonly [K in Kind]: string } = {
  own: '-> ',
  room: '',
  private: '',
  mention: '>> ',
  notification: '** ',
  notice: '-- ',
  system: '== ',
  error: '!! ',
};
const CONTINUATION = '      | ';
/** Painted as a whole: the others are read, these are found, or overlooked. */
const WHOLE: ReadonlySet<Kind> = new Set(['notice', 'error']);

export type NoteKind = 'notification' | 'notice' | 'system' | 'error';

export interface Transcript {
  /** What the user said, here or at another terminal, is marked as their own. */
  message(message: ChatMessage): readonly string[];
  /** A notice is a notification if it is about the user, and not what they did themselves. */
  notice(notice: ChatNotice): readonly string[];
  /** `text` on one line. `at` is milliseconds since the epoch; now, unless given. */
  note(kind: NoteKind, text: string, at?: number): readonly string[];
  /** No lines for an accepted message: it has its own. */
  reply(reply: Reply): readonly string[];
}

/** @param me the username logged in here, null without one */
export function createTranscript(ink: Ink, clock: Clock, me: () => string | null): Transcript {
  const stamp = (at: number): string => ink.faint(timeOf(at, clock.now()));
  const continued = (line: string): string => ink.faint(CONTINUATION) + line;

  function note(kind: NoteKind, text: string, at = clock.now()): readonly string[] {
    const safe = sanitiseLine(text);
    const line = WHOLE.has(kind)
      ? ink.kind(kind, MARKS[kind] + safe)
      : `${ink.kind(kind, MARKS[kind].trimEnd())} ${safe}`;
    return [`${stamp(at)} ${line}`];
  }

  return {
    note,
    notice: (notice) =>
      note(isDoneTo(notice, me()) ? 'notification' : 'notice', noticeSentence(notice, me()), notice.at),
    message({ conversation, from, text, spans, at }) {
      const name = me();
      const isOwn = from === name;
      const mentions = isOwn || name === null ? [] : mentionsOf(text, spans, [name]);
      const kind = mentions.length > 0 ? 'mention' : kindOf(conversation, isOwn);
      const place = ink.kind(kind, MARKS[kind] + sanitiseLine(conversation));
      const marked = mentions.map(({ start, end }): Span => ({ style: 'BOLD', start, end }));
      const [first = '', ...rest] = textLines(text, [...spans, ...marked], ink);
      const head = `${stamp(at)} ${place} <${ink.name(sanitiseLine(from))}> ${first}`;
      return [head, ...rest.map(continued)];
    },
    reply(reply) {
      const { isOk, message } = reply.outcome;
      if (isOk && reply.kind === 'message') return [];
      const rows = rowsOf(reply).map((row) => row.map(sanitiseLine));
      return [...note(isOk ? 'system' : 'error', message), ...aligned(rows).map(continued)];
    },
  };
}

function kindOf(conversation: string, isOwn: boolean): Kind {
  if (isOwn) return 'own';
  return conversation.startsWith('@') ? 'private' : 'room';
}
