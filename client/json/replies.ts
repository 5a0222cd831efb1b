// The JSON reply to one line. It is a public contract, described in docs/reference/json.md.
import type { JsonObject } from '../../core/json.js';
import type { Line } from '../commands/line.js';
import type { Reply } from '../commands/reply.js';
import { contentOf } from './content.js';

/** @param number the number of the line, counted from 1 */
export function replyObject(number: number, line: Line, reply: Reply): JsonObject {
  const { status, phrase, message } = reply.outcome;
  return {
    event: 'reply',
    line: number,
    command: 'command' in line ? line.command : null,
    status,
    phrase,
    message,
    ...contentOf(reply),
  };
}
