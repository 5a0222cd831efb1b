// How a terminal is made to call its user: a bell, or a desktop notification in the words of OSC 9 or OSC 777.
import type { Clock } from '../../core/time/clock.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { ChatNotification } from '../chat/events.js';
import { noticeSentence } from './sentences.js';

export type Alarm = 'off' | 'bell' | 'osc9' | 'osc777';

const BELL = '\u0007';
const OSC = '\u001b]';
const TEXT_MAX = 160;
/** Who comes back to many messages is called once, and nobody can keep a bell ringing. */
const GAP_MS = 1_000;

/** What to write to the terminal for each notification, which moves no cursor: nothing for what is quiet or comes at the heels of another. @param me who is logged in */
export function createAlarm(
  how: Alarm,
  clock: Clock,
  me: () => string | null,
): (notification: ChatNotification) => string {
  // A clock may be set back.
  let rangAt = Number.NEGATIVE_INFINITY;
  return (notification) => {
    const now = clock.now();
    if (!notification.isLoud || Math.abs(now - rangAt) < GAP_MS) return '';
    rangAt = now;
    return alarmOf(how, notification, me());
  };
}

function alarmOf(how: Alarm, notification: ChatNotification, me: string | null): string {
  switch (how) {
    case 'off':
      return '';
    case 'bell':
      return BELL;
    case 'osc9':
      return `${OSC}9;${plain(`Partyline: ${sentenceOf(notification, me)}`)}${BELL}`;
    case 'osc777':
      return `${OSC}777;notify;Partyline;${plain(sentenceOf(notification, me))}${BELL}`;
  }
}

/** What to say of a notification in one line. */
export function sentenceOf(notification: ChatNotification, me: string | null): string {
  if ('notice' in notification) return noticeSentence(notification.notice, me);
  const { conversation, from, preview } = notification;
  const place = conversation?.startsWith('#') === true ? `${conversation} ` : '';
  return `${place}${from ?? ''}: ${preview}`;
}

/** Without control bytes, which would end the sequence, and without what separates its parts; not too long to be shown. */
function plain(text: string): string {
  return sanitiseLine(text).replaceAll(';', ',').slice(0, TEXT_MAX).toWellFormed();
}
