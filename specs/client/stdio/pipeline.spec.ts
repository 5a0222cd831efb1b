import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import type { Outcome } from '../../../client/chat/outcome.js';
import type { SentMessage } from '../../../client/chat/results.js';
import { execute } from '../../../client/commands/execute.js';
import { type Line, parseLine } from '../../../client/commands/line.js';
import { MAX_STARTED_LINES, type PipelineParts, runPipeline } from '../../../client/stdio/pipeline.js';
import { answer, FakeChat, refusal } from '../../support/fake-chat.js';
import { until } from '../../support/until.js';

/** A chat whose messages and lists are answered when the spec says so. `started` holds each call, in order. */
class SlowChat extends FakeChat {
  readonly started: string[] = [];
  readonly #waiting = new Map<string, (outcome: Outcome<SentMessage>) => void>();

  constructor() {
    super();
    this.say = (_conversation, text) => {
      this.started.push(text);
      return new Promise((resolve) => this.#waiting.set(text, resolve));
    };
    this.rooms = async () => {
      this.started.push('/rooms');
      await new Promise((resolve) => this.#waiting.set('/rooms', resolve));
      return answer(200, 'ROOM_LISTED_S', 'Listed.', { rooms: [] });
    };
    this.open = async (conversation) => {
      this.started.push('/open');
      await new Promise((resolve) => this.#waiting.set('/open', resolve));
      this.current = conversation;
      return answer(500, 'DONE', 'Opened.', { conversation });
    };
  }

  finish(
    call: string,
    outcome: Outcome<SentMessage> = answer(400, 'MESSAGE_SENT', 'Sent.', { id: call }),
  ): void {
    this.#waiting.get(call)?.(outcome);
  }
}

async function* parsed(lines: readonly string[]): AsyncGenerator<Line, void> {
  for (const line of lines) yield parseLine(line);
}

function start(lines: readonly string[], parts: Partial<PipelineParts> = {}, chat = new SlowChat()) {
  const shown: string[] = [];
  const ended = runPipeline({
    chat,
    lines: parsed(lines),
    execute: (line) => execute(chat, line),
    show: ({ outcome }, _line, number) => void shown.push(`${number} ${outcome.phrase}`),
    writable: () => Promise.resolve(),
    signal: new AbortController().signal,
    ...parts,
  });
  return { chat, shown, ended };
}

/** Resolves when everything that does not wait for the spec has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
}

function fail(): never {
  throw new Error('This reply has no text.');
}

test('pipeline: given messages that are not stored yet, then later ones start, and the replies keep the order of the lines', async (t) => {
  const { chat, shown, ended } = start(['one', 'two', '/me waves', '/rooms', 'three']);
  await until(() => chat.started.length === 5, 'all lines are started');
  t.deepEqual(chat.started, ['one', 'two', 'waves', '/rooms', 'three']);
  for (const call of ['three', '/rooms', 'waves', 'two']) chat.finish(call);
  await settled();
  t.deepEqual(shown, [], 'the first line is not answered');
  chat.finish('one');
  await ended;
  t.deepEqual(shown, [
    '1 MESSAGE_SENT',
    '2 MESSAGE_SENT',
    '3 MESSAGE_SENT',
    '4 ROOM_LISTED_S',
    '5 MESSAGE_SENT',
  ]);
});

test('pipeline: given refused lines among messages, then each refusal keeps the number of its line', async (t) => {
  const { chat, shown, ended } = start(['one', '/nothing', 'two', '\u0000', 'three']);
  await until(() => chat.started.length === 3, 'the messages are started');
  chat.finish('two', refusal(401, 'INVALID_FORMAT', 'Too long.'));
  chat.finish('three');
  chat.finish('one');
  await ended;
  t.deepEqual(shown, ['1 MESSAGE_SENT', '2 INVALID_COMMAND', '3 INVALID_FORMAT', '5 MESSAGE_SENT']);
});

test('pipeline: a command that changes something starts when earlier lines are answered, and later lines wait for it', async (t) => {
  const { chat, shown, ended } = start(['to the lobby', '/open @bob', 'to bob']);
  await settled();
  t.deepEqual(chat.started, ['to the lobby']);
  chat.finish('to the lobby');
  await until(() => chat.started.includes('/open'), 'the conversation is opened');
  t.deepEqual(shown, ['1 MESSAGE_SENT']);
  await settled();
  t.deepEqual(chat.started, ['to the lobby', '/open']);
  chat.finish('/open');
  await until(() => chat.started.includes('to bob'), 'the next message is started');
  t.is(chat.current, '@bob');
  chat.finish('to bob');
  await ended;
  t.deepEqual(shown, ['1 MESSAGE_SENT', '2 DONE', '3 MESSAGE_SENT']);
});

test('pipeline: given no open conversation, then a message that waits for the session is not overtaken', async (t) => {
  const chat = new SlowChat();
  chat.become('reconnecting', 'alice');
  chat.current = null;
  const { ended, shown } = start(['first', 'second'], {}, chat);
  await until(() => chat.isAwaited, 'the first message waits for the session');
  // The room is known before the session is.
  chat.current = '#lobby';
  await settled();
  t.deepEqual(chat.started, []);
  await chat.change('online', 'alice');
  await until(() => chat.started.length === 1, 'the first message is started');
  chat.finish('first');
  await until(() => chat.started.length === 2, 'the second message is started');
  chat.finish('second');
  await ended;
  t.deepEqual(chat.started, ['first', 'second']);
  t.deepEqual(shown, ['1 MESSAGE_SENT', '2 MESSAGE_SENT']);
});

test('pipeline: no more lines are started than may be unanswered', async (t) => {
  const lines = Array.from({ length: MAX_STARTED_LINES + 10 }, (_, at) => `message ${at}`);
  const { chat, ended, shown } = start(lines);
  await until(() => chat.started.length === MAX_STARTED_LINES, 'the pipeline is full');
  await settled();
  t.is(chat.started.length, MAX_STARTED_LINES);
  chat.finish('message 1');
  await settled();
  t.is(chat.started.length, MAX_STARTED_LINES, 'the oldest line is not answered');
  chat.finish('message 0');
  await until(() => chat.started.length === MAX_STARTED_LINES + 2, 'two more lines are started');
  for (const line of lines) chat.finish(line);
  await until(() => chat.started.length === lines.length, 'all lines are started');
  for (const line of lines) chat.finish(line);
  await ended;
  t.deepEqual(
    shown,
    lines.map((_, at) => `${at + 1} MESSAGE_SENT`),
  );
});

test('pipeline: given replies that nobody reads, then no further line is read', async (t) => {
  const reading = new AbortController();
  const isRead = new Promise<void>((resolve) => reading.signal.addEventListener('abort', () => resolve()));
  const { chat, ended } = start(['one', 'two'], { writable: () => isRead });
  await until(() => chat.started.length === 1, 'the first line is started');
  await settled();
  t.deepEqual(chat.started, ['one']);
  reading.abort();
  await until(() => chat.started.length === 2, 'the second line is started');
  chat.finish('one');
  chat.finish('two');
  await ended;
});

test('pipeline: given the end of input, then it ends when every line is answered', async (t) => {
  let isEnded = false;
  const { chat, shown, ended } = start(['one', 'two']);
  void (async () => {
    await ended;
    isEnded = true;
  })();
  await until(() => chat.started.length === 2, 'both lines are started');
  chat.finish('one');
  await settled();
  t.false(isEnded);
  chat.finish('two');
  await ended;
  t.is(shown.length, 2);
});

test('pipeline: given a last line, then later lines are not started', async (t) => {
  const { chat, shown, ended } = start(['one', '/quit', 'two']);
  await until(() => chat.started.length === 1, 'the first line is started');
  chat.finish('one');
  await ended;
  t.deepEqual(shown, ['1 MESSAGE_SENT', '2 DONE']);
  t.deepEqual(chat.started, ['one']);
});

test('pipeline: given a face that has ended, then lines that were read are not started', async (t) => {
  const ending = new AbortController();
  const { chat, ended } = start(['one', 'two'], {
    signal: ending.signal,
    writable: async () => ending.abort(),
  });
  await ended;
  t.deepEqual(chat.started, ['one']);
});

test('pipeline: given a reply that cannot be shown, then the pipeline fails, also while it waits for the next line', async (t) => {
  const forever = new AbortController();
  async function* lines(): AsyncGenerator<Line, void> {
    yield parseLine('one');
    await new Promise((resolve) => forever.signal.addEventListener('abort', resolve));
  }
  const { chat, ended } = start([], { lines: lines(), show: fail });
  await until(() => chat.started.length === 1, 'the line is started');
  chat.finish('one');
  await t.throwsAsync(ended, { message: 'This reply has no text.' });
  forever.abort();
});
