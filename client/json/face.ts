// The JSON face, for programs: reads lines and writes one JSON object on each line. It makes no decisions.
import type { Readable, Writable } from 'node:stream';
import type { JsonObject } from '../../core/json.js';
import { refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { execute } from '../commands/execute.js';
import type { Line } from '../commands/line.js';
import { runPipeline } from '../stdio/pipeline.js';
import { readLines } from '../stdio/input.js';
import { type Output, openOutput } from '../stdio/output.js';
import { writeEvents } from './events.js';
import { type Reply, reply } from '../commands/reply.js';
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
    const { signal } = listening;
    await Promise.race([
      converse({ chat, lines: readLines(input), output: lines, write, signal }),
      lines.gone,
    ]);
  } finally {
    listening.abort();
    input.destroy();
  }
}

interface Conversation {
  readonly chat: Chat;
  readonly lines: AsyncIterable<Line>;
  readonly output: Output;
  readonly write: (object: JsonObject) => void;
  readonly signal: AbortSignal;
}

async function converse({ chat, lines, output, write, signal }: Conversation): Promise<void> {
  await runPipeline({
    chat,
    lines,
    execute: (line) => (line.kind === 'empty' ? emptyReplies() : execute(chat, line)),
    show: (one, line, number) => write(replyObject(number, line, one)),
    writable: () => output.writable(),
    signal,
  });
  await chat.drained(DRAIN_TIMEOUT_MS);
  await output.flushed();
}

async function* emptyReplies(): AsyncGenerator<Reply, void> {
  yield reply(
    'done',
    refusal(
      4,
      'INVALID_COMMAND',
      'The line is empty. Write a message or a command. /help lists all commands.',
    ),
  );
}
