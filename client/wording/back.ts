// What is said when a terminal is back after an interruption.
import { elapsedTime } from '../../core/time/duration.js';
import type { Return } from '../chat/events.js';
import { counted } from './lists.js';

/** How long, why, and how much was missed. */
export function backSentence({ awayMs, reason, notices }: Return): string {
  const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`;
  const missed = notices === 0 ? 'no notice missed' : `${counted(notices, 'notice')} fetched`;
  return `back after ${elapsedTime(awayMs)}${why === '' ? '' : ` (${why})`}; ${missed}`;
}
