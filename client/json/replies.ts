// The JSON object that answers one line. A contract: docs/json.md describes it.
import type { JsonObject } from '../../core/json.js';
import type { Line } from '../commands/line.js';
import type { Reply } from '../commands/reply.js';
import { contentOf } from './content.js';

/** @param number the line's number, from 1 */
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
