// The wait for an online session, for commands that need one.
import { type Refusal, refusal } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';
import { type OutcomeOf, type Reply, type ReplyKind, reply } from './reply.js';

const SESSION_TIMEOUT_MS = 10_000;

/** Null once the chat is online and synchronised. A refusal immediately if nobody is logged in, otherwise after 10 s. */
export async function offlineRefusal(chat: Chat): Promise<Refusal | null> {
  if (isGuest(chat)) return refusal(1, 'NOT_LOGGED_IN');
  const becomesGuest = chat.events.once('session', () => isGuest(chat));
  try {
    const isOnline = chat.whenOnline(SESSION_TIMEOUT_MS);
    if (await Promise.race([isOnline, becomesGuest.then(() => false)])) return null;
  } finally {
    becomesGuest.off();
  }
  if (isGuest(chat)) return refusal(1, 'NOT_LOGGED_IN');
  const { state, reason } = chat.session;
  return refusal(
    5,
    'UNAVAILABLE',
    `This terminal could not connect to the tracker within ${SESSION_TIMEOUT_MS / 1_000} s (${state}: ${reason.replace(/\.$/, '')}). ` +
      'The terminal keeps trying. Repeat the command once it is online.',
  );
}

/** Waits until the session is online, then calls `ask`. */
export async function askOnline<K extends ReplyKind>(
  chat: Chat,
  kind: K,
  ask: () => Promise<OutcomeOf<K>>,
): Promise<readonly Reply<K>[]> {
  return [reply(kind, (await offlineRefusal(chat)) ?? (await ask()))];
}

/** The `run` of a command with one reply that needs a session. */
export function online<K extends ReplyKind, A>(
  kind: K,
  act: (chat: Chat, args: A) => Promise<OutcomeOf<K>>,
): (chat: Chat, args: A) => Promise<readonly Reply<K>[]> {
  return (chat, args) => askOnline(chat, kind, () => act(chat, args));
}

function isGuest(chat: Chat): boolean {
  return chat.username === null && chat.session.state === 'guest';
}
