// Single lines of free text: the reason for an action and the topic of a room. This file does not define operations.
import { z } from 'zod';
import { limits } from './limits.js';
import { sanitiseLine } from './message/sanitise.js';

const lineOf = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((text) => sanitiseLine(text).trim());

/** The reason of an action, for the people it affects; empty if none was given. */
export const reasonSchema = lineOf(limits.reasonMaxLength).default('');
export const topicSchema = lineOf(limits.topicMaxLength);
