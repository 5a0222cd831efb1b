// The integrity check of a log: chain, gaps, versions, texts and the signed head. It takes rows one by one and keeps
// only the length of each stream.
import { z } from 'zod';
import { reasonOf } from '../../reason.js';
import { faultOf, GENESIS, type Head } from '../chain.js';
import { type EventRow, parseEventRow, type RecordedEvent, readEvent } from '../event.js';
import { rowReason, type UnreadableEvent } from '../reading.js';

/** The first position at which the log is not as it was written, and the reason. */
export interface Fault {
  readonly position: number;
  readonly reason: string;
  /** Never present: see `UnreadableRow`. */
  readonly row?: undefined;
}

/** Whether the tracker's key made `signature` for `head`. */
export type IsHeadSigned = (head: Head, signature: string) => boolean;

/** A row that the chain covers, but whose texts are not those of an event. It was written like this. */
export interface UnreadableRow extends UnreadableEvent {
  readonly row: EventRow;
}

export interface LogCheck {
  /** The last event without a fault. */
  readonly head: Head;
  readonly streams: number;
  /** The number of events whose personal part was deleted. The log does not show who deleted it. */
  readonly redacted: number;
  /** Checks the next row. Rows must come in the order of positions, from the first. */
  next(row: unknown): RecordedEvent | UnreadableRow | Fault;
  /** Checks that the log ends at the signed head; null if it does. Read the head in the same transaction as the last row. */
  end(headRow: unknown): Fault | null;
}

type Checked = ReturnType<LogCheck['next']>;

export const isUnreadableRow = (result: Checked): result is UnreadableRow => 'row' in result;
export const isFault = (result: Checked): result is Fault => 'reason' in result && !('row' in result);

const signedHead = z.object({
  position: z.number().int().nonnegative(),
  hash: z.string(),
  signature: z.string(),
});

export function createLogCheck(isHeadSigned: IsHeadSigned): LogCheck {
  const lengths = new Map<string, number>();
  let head = GENESIS;
  let redacted = 0;

  function wrongIn(row: EventRow): string | null {
    const fault = faultOf(head, row);
    if (fault !== null) return fault;
    const expected = (lengths.get(row.stream) ?? 0) + 1;
    return row.version === expected
      ? null
      : `its version in ${row.stream} is ${row.version} instead of ${expected}`;
  }

  return {
    get head() {
      return head;
    },
    get streams() {
      return lengths.size;
    },
    get redacted() {
      return redacted;
    },
    next(unknownRow) {
      const position = head.position + 1;
      const row = attempt(() => parseEventRow(unknownRow));
      if (!row.done) return { position, reason: `its row is not the row of an event (${row.reason})` };
      const reason = wrongIn(row.value);
      if (reason !== null) return { position, reason };
      const { stream, version, hash, personalDigest, personal } = row.value;
      head = { position, hash };
      lengths.set(stream, version);
      if (personalDigest !== null && personal === null) redacted += 1;
      const event = attempt(() => readEvent(row.value));
      if (event.done) return event.value;
      return { position, stream, version, reason: rowReason(event.reason), row: row.value };
    },
    end(headRow) {
      const last = head.position;
      const parsed = signedHead.safeParse(headRow);
      if (!parsed.success)
        return { position: last, reason: 'the row with the head of the log is missing or damaged' };
      const { signature, ...signed } = parsed.data;
      if (signed.position === 0 ? signed.hash !== GENESIS.hash : !isHeadSigned(signed, signature)) {
        return { position: last, reason: 'the head of the log is not signed by the key of this tracker' };
      }
      if (signed.position > last) {
        return { position: last + 1, reason: `it is missing: the signed head is at ${signed.position}` };
      }
      if (signed.position < last) {
        return { position: signed.position + 1, reason: 'it comes after the signed head' };
      }
      if (signed.hash === head.hash) return null;
      const reason = 'its hash is not that of the signed head: the log was rewritten up to here';
      return { position: last, reason };
    },
  };
}

type Attempt<T> =
  | { readonly done: true; readonly value: T }
  | { readonly done: false; readonly reason: string };

function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { done: true, value: work() };
  } catch (thrown) {
    return { done: false, reason: reasonOf(thrown) };
  }
}
