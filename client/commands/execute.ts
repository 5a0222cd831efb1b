// Carries out one line on a chat. Every line but an empty one comes to at least one outcome.
import { messageOf } from '../../core/errors.js';
import type { Outcome } from '../chat/events.js';
import { outcome } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import type { Act } from './definition.js';
import type { Line } from './line.js';
import { offlineRefusal } from './online.js';

/** What `line` comes to. Never rejects: a defect behind the chat is answered as `INTERNAL`, and the face goes on. */
export function execute(chat: Chat, line: Line): Promise<readonly Outcome[]> {
  return perform(chat, () => carryOut(chat, line));
}

/** Performs what a user asked for. Never rejects: a defect behind the chat becomes the outcome `INTERNAL`. */
export async function perform(chat: Chat, act: Act): Promise<readonly Outcome[]> {
  chat.active();
  const outcomes = await act(chat).catch((error: unknown) => [defect(error)]);
  return outcomes.map((one) => chat.judged(one));
}

const defect = (error: unknown): Outcome =>
  outcome(5, 'INTERNAL', { message: `Something is wrong in the program itself: ${messageOf(error)}` });

async function carryOut(chat: Chat, line: Line): Promise<readonly Outcome[]> {
  let outcomes: readonly Outcome[];
  switch (line.kind) {
    case 'empty':
      outcomes = [];
      break;
    case 'refusal':
      outcomes = [line.outcome];
      break;
    case 'command':
      outcomes = await line.act(chat);
      break;
    case 'message':
      outcomes = [await say(chat, line.text)];
      break;
  }
  return outcomes;
}

/** What is said in an open conversation needs no session: the outbox keeps it. */
async function say(chat: Chat, text: string): Promise<Outcome> {
  const refusal = chat.current === null ? await offlineRefusal(chat) : null;
  if (refusal !== null) return refusal;
  if (chat.current !== null) return chat.say(null, text);
  return outcome(4, 'INVALID_COMMAND', {
    message:
      'No conversation is open to send this to. Open one with /join ROOM, /msg USER or /open CONVERSATION.',
  });
}
