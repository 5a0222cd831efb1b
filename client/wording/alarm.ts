// The control sequences that alert the user of a terminal: a bell, or a desktop notification with OSC 9 or OSC 777.
import type { Clock } from '../../core/time/clock.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { ChatNotification } from '../chat/events.js';
import { noticeSentence } from './sentences.js';

export type Alarm = 'off' | 'bell' | 'osc9' | 'osc777';

const BELL = '\u0007';
const OSC = '\u001b]';
const TEXT_MAX = 160;
/** The shortest time between two alerts, so that a burst of messages rings once and no sender can keep the bell ringing. */
const GAP_MS = 1_000;

/**
 * Returns a function that gives the bytes to write to the terminal for a notification. They never move the cursor. The result is
 * empty for a quiet notification, and within a second of the last alert.
 * @param me returns the username that is logged in
 */
export function createAlarm(
  how: Alarm,
  clock: Clock,
  me: () => string | null,
): (notification: ChatNotification) => string {
  // Compared by its absolute distance from the present time, because the clock may be set back.
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

/** Describes a notification in one line. */
export function sentenceOf(notification: ChatNotification, me: string | null): string {
  if ('notice' in notification) return noticeSentence(notification.notice, me);
  const { conversation, from, preview } = notification;
  const place = conversation?.startsWith('#') === true ? `${conversation} ` : '';
  return `${place}${from ?? ''}: ${preview}`;
}

/** Removes control bytes, which would end the sequence, replaces `;`, which separates its parts, and shortens the text. */
function plain(text: string): string {
  return sanitiseLine(text).replaceAll(';', ',').slice(0, TEXT_MAX).toWellFormed();
}
