// The execution of one line on a chat. Every line except an empty one gets at least one reply.
import { messageOf } from '../../core/errors.js';
import type { ConversationLabel } from '../chat/events.js';
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { Act } from './definition.js';
import type { Line } from './line.js';
import { offlineRefusal } from './online.js';
import { type OutcomeOf, type Reply, reply } from './reply.js';

/**
 * Executes `line`. A message is sent to `conversation`, or to the current one if that is null. Never rejects: a defect in the
 * chat is answered with `INTERNAL`, and the face continues.
 */
export function execute(
  chat: Chat,
  line: Line,
  conversation: ConversationLabel | null = null,
): Promise<readonly Reply[]> {
  return perform(chat, () => carryOut(chat, line, conversation));
}

/** Performs an action of the user. Never rejects: a defect in the chat becomes the outcome `INTERNAL`. */
export async function perform(chat: Chat, act: Act): Promise<readonly Reply[]> {
  chat.active();
  const replies = await act(chat).catch((error: unknown) => [reply('done', defect(error))]);
  for (const { outcome } of replies) chat.noteOutcome(outcome);
  return replies;
}

const defect = (error: unknown): Refusal =>
  refusal(5, 'INTERNAL', `The program has an internal error: ${messageOf(error)}`);

async function carryOut(
  chat: Chat,
  line: Line,
  conversation: ConversationLabel | null,
): Promise<readonly Reply[]> {
  switch (line.kind) {
    case 'empty':
      return [];
    case 'refusal':
      return [reply('done', line.refusal)];
    case 'command':
      return line.act(chat);
    case 'message':
      return [reply('message', await say(chat, line.text, conversation))];
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
