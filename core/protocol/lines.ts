// Single lines of free text: the reason for an action and the topic of a room. This file does not define operations.
import { z } from 'zod';
import { sanitiseLine } from './message/sanitise.js';
import { textFault } from './text-limits.js';

const lineOf = (kind: 'topic' | 'reason') =>
  z
    .string()
    .transform((text) => sanitiseLine(text).trim())
    .superRefine((text, context) => {
      const fault = textFault(kind, text);
      if (fault !== null) context.addIssue(fault);
    });

/** The reason of an action, for the people it affects; empty if none was given. */
export const reasonSchema = lineOf('reason').default('');
export const topicSchema = lineOf('topic');
