// The JSON face, for programs: it reads lines and writes one JSON object a line. It decides nothing.
import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '../../core/json.js';
import { refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { execute } from '../commands/execute.js';
import { readLines } from '../stdio/input.js';
import type { Line } from '../commands/line.js';
import { type Output, openOutput } from '../stdio/output.js';
import { tellEvents } from './events.js';
import { reply } from '../commands/reply.js';
import { replyObject } from './replies.js';

const DRAIN_TIMEOUT_MS = 5_000;

interface JsonFace {
  readonly chat: Chat;
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Runs until `/quit`, the end of `input` (destroying it ends it) or the loss of `output`, then up to 5 s more while own
 * messages are queued. The first line is the present state of the session. Closing the chat is left to the caller.
 */
export async function runJson({ chat, input, output }: JsonFace): Promise<void> {
  const lines = openOutput(output);
  const listening = new AbortController();
  const write = (object: JsonObject): void => lines.write(`${JSON.stringify(object)}\n`);
  tellEvents(chat, write, listening.signal);

  try {
    await Promise.race([converse(chat, input, lines, write), lines.gone]);
  } finally {
    listening.abort();
    input.destroy();
  }
}

async function converse(
  chat: Chat,
  input: Readable,
  output: Output,
  write: (object: JsonObject) => void,
): Promise<void> {
  let number = 0;
  for await (const line of readLines(input)) {
    number += 1;
    for (const one of line.kind === 'empty' ? [emptyLine] : await execute(chat, line)) {
      write(replyObject(number, line, one));
    }
    // A program that reads more slowly than it writes commands waits only for itself.
    await output.flushed();
    if (isLast(line)) break;
  }
  await chat.drained(DRAIN_TIMEOUT_MS);
  await output.flushed();
}

const emptyLine = reply(
  'done',
  refusal(4, 'INVALID_COMMAND', 'The line is empty. Write a message, or a command: /help lists them.'),
);

const isLast = (line: Line): boolean => line.kind === 'command' && line.isLast;
