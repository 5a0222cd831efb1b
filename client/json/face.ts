// The JSON face, for programs: reads lines and writes one JSON object on each line. It makes no decisions.
import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '../../core/json.js';
import { refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { execute } from '../commands/execute.js';
import { readLines } from '../stdio/input.js';
import type { Line } from '../commands/line.js';
import { type Output, openOutput } from '../stdio/output.js';
import { writeEvents } from './events.js';
import { reply } from '../commands/reply.js';
import { replyObject } from './replies.js';

const DRAIN_TIMEOUT_MS = 5_000;

interface JsonFace {
  readonly chat: Chat;
  readonly input: Readable;
  readonly output: Writable;
}

/**
 * Runs until `/quit`, the end or destruction of `input`, or the loss of `output`. After `/quit` or the end of `input` it waits
 * up to 5 s for queued messages. The first line it writes is the present state of the session. It does not close the chat.
 */
export async function runJson({ chat, input, output }: JsonFace): Promise<void> {
  const lines = openOutput(output);
  const listening = new AbortController();
  const write = (object: JsonObject): void => lines.write(`${JSON.stringify(object)}\n`);
  writeEvents(chat, write, listening.signal);

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
    for await (const one of line.kind === 'empty' ? [emptyLine] : execute(chat, line)) {
      write(replyObject(number, line, one));
    }
    // No further line is read until the program has read its replies.
    await output.flushed();
    if (isLast(line)) break;
  }
  await chat.drained(DRAIN_TIMEOUT_MS);
  await output.flushed();
}

const emptyLine = reply(
  'done',
  refusal(4, 'INVALID_COMMAND', 'The line is empty. Write a message or a command. /help lists all commands.'),
);

const isLast = (line: Line): boolean => line.kind === 'command' && line.isLast;
