// What the hint line says when nothing else does: the next step of somebody new, else the keys that matter. Pure.
import type { Chat } from '../chat/port.js';
import { type Action, type Bindings, keyWords } from './keys/bindings.js';
import type { Shown } from './records.js';

/** Above the fields when nobody was ever here. */
export const FIRST_WORDS =
  'Welcome to Partyline. What you write goes straight to the people you write to; nobody in between can read it. ' +
  'Choose a name and a password to begin.';

export const WELCOME =
  'Now make a room with /create lobby, or see with /rooms which there are and /join one.';

export function hintFor(chat: Chat, shown: Shown, bindings: Bindings): string {
  const key = (action: Action): string => keyWords(bindings.keysOf(action)[0] ?? '');
  const keys = `${key('help')} help · ${key('next-unread')} next unread · ${key('split-beside')} split · Tab completes · ${key('quit')} leaves`;
  if (chat.username === null && chat.session.state === 'guest') {
    return `${key('log-in')} makes an account or logs you in · ${key('help')} help · ${key('quit')} leaves`;
  }
  if (chat.conversations.length === 0) {
    return `/create lobby makes a room · /rooms lists them · /join ROOM enters one · ${key('help')} help`;
  }
  return shown === null ? `${key('next-conversation')} goes to your conversations · ${keys}` : keys;
}
