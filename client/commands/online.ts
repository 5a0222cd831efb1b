// What needs a session waits for it, and says why when there is none.
import type { Outcome } from '../chat/events.js';
import { outcome } from '../chat/outcome.js';
import type { Chat } from '../chat/port.js';

const SESSION_TIMEOUT_MS = 10_000;

/** Null once the chat is online and has caught up; otherwise why not: at once when nobody is logged in, else after 10 s. */
export async function offlineRefusal(chat: Chat): Promise<Outcome | null> {
  if (isGuest(chat)) return outcome(1, 'NOT_LOGGED_IN');
  const becomesGuest = chat.events.once('session', () => isGuest(chat));
  try {
    const isOnline = chat.whenOnline(SESSION_TIMEOUT_MS);
    if (await Promise.race([isOnline, becomesGuest.then(() => false)])) return null;
  } finally {
    becomesGuest.off();
  }
  if (isGuest(chat)) return outcome(1, 'NOT_LOGGED_IN');
  const { state, reason } = chat.session;
  return outcome(5, 'UNAVAILABLE', {
    message:
      `There was no session with the tracker within ${SESSION_TIMEOUT_MS / 1_000} s (${state}: ${reason.replace(/\.$/, '')}). ` +
      'The terminal keeps trying by itself; write it again once it is online.',
  });
}

/** A `run` with one outcome that asks the tracker: only once the session is online. */
export function online<A>(
  act: (chat: Chat, args: A) => Promise<Outcome> | Outcome,
): (chat: Chat, args: A) => Promise<readonly Outcome[]> {
  return async (chat, args) => [(await offlineRefusal(chat)) ?? (await act(chat, args))];
}

function isGuest(chat: Chat): boolean {
  return chat.username === null && chat.session.state === 'guest';
}
