// What each terminal of the demo typed and saw, one line each, for people to read.
import { z } from 'zod';
import type { FaceEvent } from './json-terminal.js';

const text = z.string().catch('');
const shapes = {
  reply: z.object({ status: z.int(), phrase: text, message: text }),
  message: z.object({ conversation: text, from: text, text, link: text }),
  delivery: z.object({ conversation: text, state: text, acked: z.int(), of: z.int() }),
  notice: z.object({ type: text, conversation: text, username: text }),
  link: z.object({ peer: text, link: text, state: text, reason: text }),
  session: z.object({ state: text, reason: text }),
};

const NAME_WIDTH = 6;

/** One line that `who` typed. */
export const typedLine = (who: string, line: string): string => `${who.padEnd(NAME_WIDTH)} > ${line}`;

/** One event that `who` saw; null for what tells a reader nothing. */
export function seenLine(who: string, event: FaceEvent): string | null {
  const said = describe(event);
  return said === null ? null : `${who.padEnd(NAME_WIDTH)} | ${said}`;
}

function describe(event: FaceEvent): string | null {
  switch (event.event) {
    case 'reply': {
      const { status, phrase, message } = shapes.reply.parse(event);
      return `${status} ${phrase}: ${message}`;
    }
    case 'message': {
      const { conversation, from, text, link } = shapes.message.parse(event);
      return `${conversation} <${from}> ${text}   [${link}]`;
    }
    case 'delivery': {
      const { conversation, state, acked, of } = shapes.delivery.parse(event);
      return `${conversation} ${state} (${acked} of ${of} have it)`;
    }
    case 'notice': {
      const { type, conversation, username } = shapes.notice.parse(event);
      return `${type} ${username} ${conversation}`.trim();
    }
    case 'link': {
      const { peer, link, state, reason } = shapes.link.parse(event);
      return state === 'dialing' ? null : `link to ${peer} over ${link} ${state}: ${reason}`;
    }
    case 'session': {
      const { state, reason } = shapes.session.parse(event);
      return `session ${state}: ${reason}`;
    }
    default:
      return null;
  }
}
