// Names people choose: what they may look like, and when two of them are the same name.
import { z } from 'zod';
import { limits } from './limits.js';
import { sanitiseLine } from './message/sanitise.js';

const USERNAME = /^[A-Za-z][A-Za-z0-9_-]*$/;
const ROOM_NAME = /^[A-Za-z0-9_-]+$/;

export const usernameSchema = z
  .string('A username is text.')
  .min(limits.usernameMinLength, `A username has at least ${limits.usernameMinLength} characters.`)
  .max(limits.usernameMaxLength, `A username has at most ${limits.usernameMaxLength} characters.`)
  .regex(USERNAME, 'A username starts with a letter and goes on with letters, digits, "_" and "-".');

export const roomNameSchema = z
  .string('A room name is text.')
  .min(1, 'A room name has at least 1 character.')
  .max(limits.roomNameMaxLength, `A room name has at most ${limits.roomNameMaxLength} characters.`)
  .regex(ROOM_NAME, 'A room name is made of letters, digits, "_" and "-".');

/** The form under which names are compared: two names are one when their folds are equal. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** What a terminal calls itself, made fit to be shown in one row; `terminal` where nothing is left of it. */
export function deviceNameOf(text: string): string {
  const characters = Array.from(sanitiseLine(text).trim());
  return characters.slice(0, limits.deviceNameMaxLength).join('').trim() || 'terminal';
}
