// Single lines that people write about what they do: why, and what a room is about. Knows no operation.
import { z } from 'zod';
import { limits } from './limits.js';
import { sanitiseLine } from './message/sanitise.js';

const lineOf = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .transform((text) => sanitiseLine(text).trim());

/** Why, for those it concerns; empty for no reason. */
export const reasonSchema = lineOf(limits.reasonMaxLength).default('');
export const topicSchema = lineOf(limits.topicMaxLength);
