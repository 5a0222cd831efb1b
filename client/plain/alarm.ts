// How a terminal is made to call its user: a bell, or a desktop notification in the words of OSC 9 or OSC 777. Pure.
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { ChatNotification } from '../chat/events.js';
import { noticeSentence } from './sentences.js';

export type Alarm = 'off' | 'bell' | 'osc9' | 'osc777';

const BELL = '\u0007';
const OSC = '\u001b]';
const TEXT_MAX = 160;

/** What to write to the terminal, which moves no cursor; empty for what is not loud. */
export function alarmOf(how: Alarm, notification: ChatNotification): string {
  if (!notification.isLoud) return '';
  switch (how) {
    case 'off':
      return '';
    case 'bell':
      return BELL;
    case 'osc9':
      return `${OSC}9;${plain(`Partyline: ${sentenceOf(notification)}`)}${BELL}`;
    case 'osc777':
      return `${OSC}777;notify;Partyline;${plain(sentenceOf(notification))}${BELL}`;
  }
}

function sentenceOf(notification: ChatNotification): string {
  if ('notice' in notification) return noticeSentence(notification.notice);
  const { conversation, from, preview } = notification;
  const place = conversation?.startsWith('#') === true ? `${conversation} ` : '';
  return `${place}${from ?? ''}: ${preview}`;
}

/** Without control bytes, which would end the sequence, and without what separates its parts; not too long to be shown. */
function plain(text: string): string {
  return sanitiseLine(text).replaceAll(';', ',').slice(0, TEXT_MAX).toWellFormed();
}
