// The lines of each event: time, mark, conversation, username, text. Reads the clock, but prints nothing.
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
 * The mark of each kind of line, after the time, so that no meaning depends on colour alone. A message from others has no mark:
 * its line begins with the `#` or `@` of the conversation.
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
/** Continues the line above. No line starts in the column of `|`. */
const CONTINUATION = '      | ';
/** The kinds painted as a whole line. Other kinds have only their mark painted. */
const WHOLE: ReadonlySet<Kind> = new Set(['notice', 'error']);

export type NoteKind = 'notification' | 'notice' | 'system' | 'error';

export interface Transcript {
  /** A message that the user sent from any of their terminals has the mark `own`. */
  message(message: ChatMessage): readonly string[];
  /** A notice is a notification if another person's action concerns the user. */
  notice(notice: ChatNotice): readonly string[];
  /** `text` on one line. `at` is in milliseconds since the epoch and defaults to now. */
  note(kind: NoteKind, text: string, at?: number): readonly string[];
  /** Empty for an accepted message, which is shown as an event. */
  reply(reply: Reply): readonly string[];
}

/** @param me the username logged in at this terminal, null for a guest */
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
    message({ conversation, from, text, spans, at, hops }) {
      const name = me();
      const isOwn = from === name;
      const mentions = isOwn || name === null ? [] : mentionsOf(text, spans, [name]);
      const kind = mentions.length > 0 ? 'mention' : kindOf(conversation, isOwn);
      const place = ink.kind(kind, MARKS[kind] + sanitiseLine(conversation));
      const marked = mentions.map(({ start, end }): Span => ({ style: 'BOLD', start, end }));
      const [first = '', ...rest] = textLines(text, [...spans, ...marked], ink);
      const head = `${stamp(at)} ${place} <${ink.name(sanitiseLine(from))}${hops === undefined ? '' : ' bot'}> ${first}`;
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
