// The transcript of the demo: one readable line for each line that somebody typed and each event that somebody saw.
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

/** The line for something that `who` typed. */
export const typedLine = (who: string, line: string): string => `${who.padEnd(NAME_WIDTH)} > ${line}`;

/** The line for an event that `who` saw, or null for an event that does not help a reader. */
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
      return `${conversation} ${state} (received by ${acked} of ${of})`;
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
