// Every event as the line or lines it gets: time, mark, conversation, who, text. Pure but for the clock.
import type { Clock } from '../../core/clock.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { Span } from '../../core/protocol/spans.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { ChatMessage, Outcome } from '../chat/events.js';
import type { Ink, Kind } from './ink.js';
import { rowsOf } from './lists.js';
import { textLines } from './text.js';
import { timeOf } from './time.js';
import { aligned } from './width.js';

/**
 * `--` what happened to others and to rooms, `==` what this terminal answers, `!!` what went wrong. A message has its
 * conversation in that place, behind `>>` if it mentions the user; `|` continues the line above, in a column that no line starts in.
 */
const MARKS = { notice: '--', system: '==', error: '!!' } as const;
const MENTION_MARK = '>> ';
const CONTINUATION = '      | ';

type Stretch = Pick<Span, 'start' | 'end'>;

export interface Transcript {
  /** `mentions`: where in its text the user is mentioned, in UTF-16 units. */
  message(message: ChatMessage, isOwn: boolean, mentions?: readonly Stretch[]): readonly string[];
  /** `text` on one line. `at` is milliseconds since the epoch; now, unless given. */
  note(kind: keyof typeof MARKS, text: string, at?: number): readonly string[];
  /** Nothing for a message that was accepted: it is shown as it is said. */
  outcome(outcome: Outcome): readonly string[];
}

export function createTranscript(ink: Ink, clock: Clock): Transcript {
  const stamp = (at: number): string => ink.faint(timeOf(at, clock.now()));
  const continued = (line: string): string => ink.faint(CONTINUATION) + line;
  const note: Transcript['note'] = (kind, text, at = clock.now()) => [
    `${stamp(at)} ${ink.kind(kind, `${MARKS[kind]} ${sanitiseLine(text)}`)}`,
  ];
  return {
    note,
    message({ conversation, from, text, spans, at }, isOwn, mentions = []) {
      const mark = mentions.length > 0 ? MENTION_MARK : '';
      const kind = mentions.length > 0 ? 'mention' : kindOf(conversation, isOwn);
      const place = ink.kind(kind, mark + sanitiseLine(conversation));
      const marked = mentions.map((mention): Span => ({ style: 'BOLD', ...mention }));
      const [first = '', ...rest] = textLines(text, [...spans, ...marked], ink);
      const head = `${stamp(at)} ${place} <${ink.name(sanitiseLine(from))}> ${first}`;
      return [head, ...rest.map(continued)];
    },
    outcome({ status, phrase, message, data }) {
      if (phrase === 'MESSAGE_SENT') return [];
      const rows = rowsOf(data).map((row) => row.map(sanitiseLine));
      return [...note(isSuccess(status) ? 'system' : 'error', message), ...aligned(rows).map(continued)];
    },
  };
}

function kindOf(conversation: string, isOwn: boolean): Kind {
  if (isOwn) return 'own';
  return conversation.startsWith('@') ? 'private' : 'room';
}
