// The errors that belong to one event: it cannot be read, or this version does not know it. A retry gives the same error.
// Any other error, such as a lost connection, may be temporary.
import { z } from 'zod';
import { InvariantError } from '../errors.js';
import type { RecordedEvent, WhyUnknown } from './event.js';

/** Thrown for an event that this version of the program does not know. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

/** Throws an `UnknownEventError` for an event that this version does not know. */
export function requireKnown(event: RecordedEvent, whyUnknown: WhyUnknown): void {
  const reason = whyUnknown(event);
  if (reason !== null) throw new UnknownEventError(reason);
}

const OF_EVENT = [UnknownEventError, InvariantError, z.ZodError, SyntaxError, TypeError, RangeError] as const;

/** Whether the error belongs to the event, so that handling the event again would fail again. */
export function isOfEvent(thrown: unknown): boolean {
  return OF_EVENT.some((kind) => thrown instanceof kind);
}
