// The reason of a failure as one line for people. A failed validation lists its fields instead of the validator's JSON.
import { z } from 'zod';
import { messageOf } from './errors.js';

export function reasonOf(thrown: unknown): string {
  return thrown instanceof z.ZodError ? issuesOf(thrown) : messageOf(thrown);
}

function issuesOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join('; ');
}
