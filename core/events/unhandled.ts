// The errors that belong to one event: it cannot be read, or this version does not know it. A retry gives the same error.
// Any other error, such as a lost connection, may be temporary.
import { z } from 'zod';
import { InvariantError } from '../errors.js';
import { reasonOf } from '../reason.js';
import type { RecordedEvent, WhyUnknown } from './event.js';

/** Thrown for an event that this version of the program does not know. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

/** The remedy for the operator, wherever an event that cannot be read is reported. */
export const unreadableRemedy = (position: number): string =>
  `Use the version of Partyline that wrote the event, or a newer one. If no such version exists, \`partyline admin quarantine ${position} --reason TEXT\` lets the room or account continue without the event.`;

/** Thrown for work on an account or room whose events this version cannot apply. Others are not affected. */
export class UnreadableStreamError extends Error {
  override readonly name = 'UnreadableStreamError';

  /**
   * @param stream the account or room
   * @param version the first event that was not applied. If the log cannot be read there, it is the first event of the part that was
   * read together.
   */
  constructor(
    readonly stream: string,
    readonly version: number,
    cause: unknown,
  ) {
    super(`the events of ${stream} cannot be applied from version ${version} on: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** Throws an `UnknownEventError` for an event that this version does not know. */
export function requireKnown(event: RecordedEvent, whyUnknown: WhyUnknown): void {
  const reason = whyUnknown(event);
  if (reason !== null) throw new UnknownEventError(reason);
}

const OF_EVENT = [
  UnknownEventError,
  UnreadableStreamError,
  InvariantError,
  z.ZodError,
  SyntaxError,
  TypeError,
  RangeError,
] as const;

/** Whether the error belongs to the event, so that handling the event again would fail again. */
export function isOfEvent(thrown: unknown): boolean {
  return OF_EVENT.some((kind) => thrown instanceof kind);
}
