// The sentence that a terminal shows when it is online again after an interruption.
import { elapsedTime } from '../../core/time/duration.js';
import type { Return } from '../chat/events.js';
import { counted } from './lists.js';

/** States how long the interruption took, why it happened, and how many notices were fetched. */
export function backSentence({ awayMs, reason, notices }: Return): string {
  const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`;
  const missed = notices === 0 ? 'no notice missed' : `${counted(notices, 'notice')} fetched`;
  return `back after ${elapsedTime(awayMs)}${why === '' ? '' : ` (${why})`}; ${missed}`;
}
