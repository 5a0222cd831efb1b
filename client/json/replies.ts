// The JSON face's answer to one line.
import { z } from 'zod';
import type { Json, JsonObject } from '../../core/json.js';
import type { Outcome } from '../chat/events.js';
import type { Line } from '../commands/line.js';

/** What the chat says of a message it has accepted. */
const acceptedSchema = z.object({ id: z.string() });

/**
 * @param number of the line, counted from 1
 */
export function replyOf(number: number, line: Line, outcome: Outcome): JsonObject {
  const accepted = outcome.phrase === 'MESSAGE_SENT' ? acceptedSchema.safeParse(outcome.data) : undefined;
  const content: { readonly data?: Json | undefined; readonly id?: string } =
    accepted?.success === true ? { id: accepted.data.id } : { data: outcome.data };
  return {
    event: 'reply',
    line: number,
    command: 'command' in line ? line.command : null,
    status: outcome.status,
    phrase: outcome.phrase,
    message: outcome.message,
    ...content,
  };
}
