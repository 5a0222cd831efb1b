// The texts of the hint line: the next step for a new user, else the most important keys. Pure.
import type { Chat } from '../../chat/port.js';
import type { Bindings } from '../input/keys/bindings.js';
import { keyOf, type Legend, legend, legendText } from '../input/keys/legend.js';
import type { Shown } from '../model/timelines.js';

/** The text above the fields of the login form at the first start. */
export const FIRST_STEPS =
  'Welcome to Partyline. Your messages go straight to the people you write to, and nobody in between can read them. ' +
  'Choose a name and a password to begin.';

export const NOT_YET = 'No answer yet. Waiting for the tracker for up to 10 s.';

export const WELCOME =
  'Create a room with /create lobby, or list the rooms with /rooms and enter one with /join.';

const HELP = legend('help', 'help');
const LEAVE = legend('quit', 'quit');
const KEYS: readonly Legend[] = [
  HELP,
  legend('commands', 'palette'),
  legend('unread', 'next-unread'),
  legend('complete', 'complete'),
  LEAVE,
];

export function hintFor(chat: Chat, shown: Shown, bindings: Bindings): string {
  if (chat.username === null && chat.session.state === 'guest') {
    return legendText([legend('create an account or log in', 'log-in'), HELP, LEAVE], bindings);
  }
  if (chat.username === null) {
    const waiting = 'Waiting for the tracker. Is it running? This terminal keeps trying';
    return [waiting, legendText([LEAVE], bindings)].filter((part) => part !== '').join(' · ');
  }
  if (chat.conversations.length === 0) {
    const steps = '/create lobby creates a room · /rooms lists rooms · /join ROOM joins';
    return [steps, legendText([HELP], bindings)].filter((part) => part !== '').join(' · ');
  }
  const home = shown === null ? [legend('your conversations', 'next-conversation')] : [];
  return legendText([...home, ...KEYS], bindings);
}

/** The hint shown for Ctrl+C, which ends other programs but not this one. */
export function leaveHint(bindings: Bindings): string {
  return `${keyOf('quit', bindings) ?? '/quit'} quits.`;
}

/** A text to append to an error message: the key that explains the error. */
export function explainHint(bindings: Bindings): string {
  return ` (${keyOf('why', bindings) ?? '/why'} explains)`;
}
