// The execution of one line on a chat. Every line except an empty one gets at least one reply.
import { messageOf } from '../../core/errors.js';
import type { ConversationLabel } from '../chat/events.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { Act, Replies } from './definition.js';
import type { Line } from './line.js';
import { offlineRefusal } from './online.js';
import { type OutcomeOf, type Reply, reply } from './reply.js';

/**
 * Executes `line`. A message is sent to `conversation`, or to the current one if that is null. Never rejects: a defect in the
 * chat is answered with `INTERNAL`, and the face continues. The line takes effect as its replies are read. A face shows each reply
 * before it reads the next one, so that the reply precedes the later events of the same line.
 */
export function execute(
  chat: Chat,
  line: Line,
  conversation: ConversationLabel | null = null,
): AsyncIterable<Reply> {
  return perform(chat, () => carryOut(chat, line, conversation));
}

/** Performs an action of the user, as its replies are read. Never rejects: a defect in the chat becomes the outcome `INTERNAL`. */
export async function* perform(chat: Chat, act: Act): AsyncGenerator<Reply, void> {
  chat.active();
  try {
    for await (const one of inOrder(act(chat))) {
      chat.noteOutcome(one.outcome);
      yield one;
    }
  } catch (error) {
    const one = reply('done', defect(error));
    chat.noteOutcome(one.outcome);
    yield one;
  }
}

async function* inOrder(replies: Replies): AsyncGenerator<Reply, void> {
  yield* Symbol.asyncIterator in replies ? replies : await replies;
}

const defect = (error: unknown): Refusal =>
  refusal(5, 'INTERNAL', `The program has an internal error: ${messageOf(error)}`);

async function* carryOut(
  chat: Chat,
  line: Line,
  conversation: ConversationLabel | null,
): AsyncGenerator<Reply, void> {
  switch (line.kind) {
    case 'empty':
      return;
    case 'refusal':
      yield reply('done', line.refusal);
      return;
    case 'command':
      yield* inOrder(line.act(chat));
      return;
    case 'message':
      yield reply('message', await say(chat, line.text, conversation));
  }
}

/** A message to an open conversation needs no session: the outbox keeps it. */
async function say(
  chat: Chat,
  text: string,
  conversation: ConversationLabel | null,
): Promise<OutcomeOf<'message'>> {
  if (conversation !== null) return chat.say(conversation, text);
  const offline = chat.current === null ? await offlineRefusal(chat) : null;
  if (offline !== null) return offline;
  if (chat.current !== null) return chat.say(null, text);
  return refusal(
    4,
    'INVALID_COMMAND',
    'No conversation is open, so the message was not sent. Open one with /join ROOM, /msg USER or /open CONVERSATION.',
  );
}
