// Names that people choose: their allowed forms, and when two names are equal.
import { z } from 'zod';
import { limits } from './limits.js';
import { sanitiseLine } from './message/sanitise.js';
import { isVisible } from './message/visible.js';
import { firstCharacters } from './text-limits.js';

const USERNAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const ROOM_NAME = /^[A-Za-z0-9_-]+$/;

export const usernameSchema = z
  .string('A username must be text.')
  .min(limits.usernameMinLength, `A username must have at least ${limits.usernameMinLength} characters.`)
  .max(limits.usernameMaxLength, `A username must have at most ${limits.usernameMaxLength} characters.`)
  .regex(USERNAME, 'A username must start with a letter and use only letters, digits, "_" and "-".');

export const roomNameSchema = z
  .string('A room name must be text.')
  .min(1, 'A room name must have at least 1 character.')
  .max(limits.roomNameMaxLength, `A room name must have at most ${limits.roomNameMaxLength} characters.`)
  .regex(ROOM_NAME, 'A room name must contain only letters, digits, "_" and "-".');

/** Returns the form in which names are compared: two names are equal if their folded forms are. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Returns the terminal's name for itself, safe to show on one line; `terminal` if it shows nothing. */
export function deviceNameOf(text: string): string {
  const name = firstCharacters(sanitiseLine(text).trim(), limits.deviceNameMaxLength).trim();
  return isVisible(name) ? name : 'terminal';
}
