// The check of one event that the tracker sent with its proof. Everything in it is hostile until it is proved.
import { z } from 'zod';
import { digestPersonal, hashEvent } from '../../../core/events/chain.js';
import { type EventRow, parseEventRow, type RecordedEvent, readEvent } from '../../../core/events/event.js';
import { HASH_BYTES, leafHash } from '../../../core/merkle/hashing.js';
import { isIncluded, type TreeHead } from '../../../core/merkle/proof.js';
import type { LoggedEvent } from '../../../core/protocol/room-log.js';

export interface CheckedEvent {
  readonly event: RecordedEvent;
  /** Whether the log has exactly this event. */
  readonly isProved: boolean;
}

/** @param head the checkpoint that this terminal has verified. Returns null if the data are no event. */
export function checkEvent({ previous, event, path }: LoggedEvent, head: TreeHead): CheckedEvent | null {
  const row = rowOf(event, previous);
  const read = row && eventOf(row);
  if (row === null || read === null) return null;
  const claim = {
    leaf: leafHash(Buffer.from(row.hash, 'hex')),
    index: row.position - 1,
    path: path.map((hash) => Buffer.from(hash, 'base64').subarray(0, HASH_BYTES)),
  };
  return { event: read, isProved: isTextRight(row) && isIncluded({ ...claim, ...head }) };
}

/** The row with the hash that follows from its columns. */
function rowOf(event: LoggedEvent['event'], previous: string): EventRow | null {
  return orNull(() => {
    const row = parseEventRow({ ...event, hash: '' });
    return { ...row, hash: hashEvent(previous, row) };
  });
}

const eventOf = (row: EventRow): RecordedEvent | null => orNull(() => readEvent(row));

/** Personal text must match its digest, which is a part of the hash. It may be left out. */
function isTextRight({ personal, salt, personalDigest }: EventRow): boolean {
  if (personal === null || salt === null) return personal === salt;
  return digestPersonal(salt, personal) === personalDigest;
}

function orNull<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof z.ZodError || thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
