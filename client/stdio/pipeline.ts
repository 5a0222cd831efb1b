// The pipeline of a face: starts the lines of its input in order and shows their replies in the same order. A message does not
// wait for the replies to earlier messages. The pipeline reads no bytes and writes none.
import type { Chat } from '../chat/port.js';
import type { Line } from '../commands/line.js';
import type { Reply } from '../commands/reply.js';

/** The maximum number of lines that are started and not answered. The history stores as many messages in one commit. */
export const MAX_STARTED_LINES = 256;

export interface PipelineParts {
  readonly chat: Pick<Chat, 'current'>;
  readonly lines: AsyncIterable<Line>;
  /** Returns the replies to a line. The line takes effect when the first reply is requested. */
  readonly execute: (line: Line) => AsyncIterable<Reply>;
  /** @param number the number of the line, counted from 1 */
  readonly show: (reply: Reply, line: Line, number: number) => void;
  /** Resolves when the output can take more replies. Until then no further line is read. */
  readonly writable: () => Promise<void>;
  /** No line is started after it aborts. */
  readonly signal: AbortSignal;
}

/**
 * Resolves when the last line, or every line up to the end of input, is answered. Rejects if a function that it was given throws
 * or rejects.
 */
export async function runPipeline(parts: PipelineParts): Promise<void> {
  const { chat, lines, writable, signal } = parts;
  const answers = createAnswers(parts);
  async function read(): Promise<void> {
    let number = 0;
    for await (const line of lines) {
      if (signal.aborted) return;
      number += 1;
      const isAlone = !mayOverlap(line, chat);
      if (isAlone) await answers.complete();
      else await answers.room();
      answers.start(line, number);
      if (isAlone) await answers.complete();
      await writable();
      if (line.kind === 'command' && line.isLast) return;
    }
    await answers.complete();
  }
  await Promise.race([read(), answers.failed]);
}

/**
 * Whether the line may start before earlier lines are answered, and whether later lines may start before this line is answered. A
 * message without an open conversation waits for the session, so a later message could overtake it.
 */
function mayOverlap(line: Line, chat: Pick<Chat, 'current'>): boolean {
  switch (line.kind) {
    case 'message':
      return chat.current !== null;
    case 'command':
      return line.isIndependent;
    case 'empty':
    case 'refusal':
      return true;
  }
}

/** The replies to the lines that are started, which are shown in the order of the lines. */
function createAnswers({ execute, show }: Pick<PipelineParts, 'execute' | 'show'>) {
  /** Each promise resolves when its line and all before it are answered. The oldest line comes first. */
  const latest: Promise<void>[] = [];
  let fail: (error: unknown) => void = nothing;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  const complete = async (): Promise<void> => latest.at(-1);

  async function answer(line: Line, number: number, before: Promise<void>): Promise<void> {
    const replies = execute(line)[Symbol.asyncIterator]();
    // The line takes effect here, in the same turn in which it was read.
    const first = replies.next();
    // It may fail while an earlier line is not answered.
    first.catch(fail);
    await before;
    for (let one = await first; one.done !== true; one = await replies.next()) show(one.value, line, number);
  }

  return {
    /** Rejects when a line cannot be answered. */
    failed,
    /** Resolves when every line is answered. */
    complete,
    /** Resolves when another line may be started. */
    async room(): Promise<void> {
      if (latest.length === MAX_STARTED_LINES) await latest.shift();
    },
    start(line: Line, number: number): void {
      const answered = answer(line, number, complete());
      answered.catch(fail);
      latest.push(answered);
    },
  };
}

const nothing = (): void => undefined;
