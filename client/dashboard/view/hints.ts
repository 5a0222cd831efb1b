// What the hint line says when nothing else does: the next step of somebody new, else the keys that matter. Pure.
import type { Chat } from '../../chat/port.js';
import type { Bindings } from '../input/keys/bindings.js';
import { keyOf, type Legend, legend, legendText } from '../input/keys/legend.js';
import type { Shown } from '../model/timelines.js';

/** Above the fields when nobody was ever here. */
export const FIRST_WORDS =
  'Welcome to Partyline. What you write goes straight to the people you write to; nobody in between can read it. ' +
  'Choose a name and a password to begin.';

export const NOT_YET = 'No answer yet: the tracker is waited for up to 10 s.';

export const WELCOME =
  'Now make a room with /create lobby, or see with /rooms which there are and /join one.';

const HELP = legend('help', 'help');
const LEAVE = legend('leaves', 'quit');
const KEYS: readonly Legend[] = [
  HELP,
  legend('all there is', 'palette'),
  legend('unread', 'next-unread'),
  legend('completes', 'complete'),
  LEAVE,
];

export function hintFor(chat: Chat, shown: Shown, bindings: Bindings): string {
  if (chat.username === null && chat.session.state === 'guest') {
    return legendText([legend('makes an account or logs you in', 'log-in'), HELP, LEAVE], bindings);
  }
  if (chat.username === null) {
    const trying = 'Waiting for the tracker: is it running? This terminal goes on trying';
    return [trying, legendText([LEAVE], bindings)].filter((part) => part !== '').join(' · ');
  }
  if (chat.conversations.length === 0) {
    const steps = '/create lobby makes a room · /rooms lists them · /join ROOM enters';
    return [steps, legendText([HELP], bindings)].filter((part) => part !== '').join(' · ');
  }
  const home = shown === null ? [legend('goes to your conversations', 'next-conversation')] : [];
  return legendText([...home, ...KEYS], bindings);
}

/** For who presses what ends other programs. */
export function leaveHint(bindings: Bindings): string {
  return `${keyOf('quit', bindings) ?? '/quit'} leaves.`;
}

/** How the last error is explained, behind it. */
export function explainHint(bindings: Bindings): string {
  return ` (${keyOf('why', bindings) ?? '/why'} explains)`;
}
