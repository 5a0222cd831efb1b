// What is said when a terminal is back after an interruption.
import type { Return } from '../chat/events.js';
import { counted } from './lists.js';

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;
const HOUR_MINUTES = 60;

/** How long, why, and how much was missed. */
export function backSentence({ awayMs, reason, notices }: Return): string {
  const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`;
  const missed = notices === 0 ? 'no notice missed' : `${counted(notices, 'notice')} fetched`;
  return `back after ${lasted(awayMs)}${why === '' ? '' : ` (${why})`}; ${missed}`;
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function lasted(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS));
  if (seconds < MINUTE_SECONDS) return `${seconds} s`;
  const minutes = Math.floor(seconds / MINUTE_SECONDS);
  if (minutes < HOUR_MINUTES) return `${minutes} min ${seconds % MINUTE_SECONDS} s`;
  return `${Math.floor(minutes / HOUR_MINUTES)} h ${minutes % HOUR_MINUTES} min`;
}
