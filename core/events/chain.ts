// The hash chain over the log: sealing rows and checking slices. It accesses no database and no key.
import { hash } from 'node:crypto';
import type { EventRow, NewEvent } from './event.js';

/** The end of the log: the last position, and the hash of the chain at that position. */
export interface Head {
  readonly position: number;
  readonly hash: string;
}

/** The head of an empty log. */
export const GENESIS: Head = { position: 0, hash: '0'.repeat(64) };

/** The bytes that the tracker signs for a head: `partyline/log-head/v1 NUL position NUL hash`. */
export function headText(head: Head): Buffer {
  return Buffer.from(`partyline/log-head/v1\0${head.position}\0${head.hash}`);
}

/** The digest of the personal text in the chain: SHA-256 over the salt and the exact text, 64 hexadecimal digits. */
export function digestPersonal(salt: string, personalText: string): string {
  return sha256(encode(['partyline/personal/v1', salt, personalText]));
}

/**
 * SHA-256 over the previous hash and all columns of the row. The personal part and its salt are included as their
 * digest.
 */
export function hashEvent(previousHash: string, row: Omit<EventRow, 'hash'>): string {
  return sha256(
    encode([
      'partyline/event/v1',
      previousHash,
      String(row.position),
      row.stream,
      String(row.version),
      row.type,
      String(row.schemaVersion),
      row.payload,
      row.personalDigest,
      row.metadata,
      String(row.recordedAt),
    ]),
  );
}

/** The stream, version and time of a new event. */
export interface Place {
  readonly stream: string;
  readonly version: number;
  readonly recordedAt: number;
  /** Returns random text of at least 128 bits for each event. */
  readonly newSalt: () => string;
}

/** Returns the row that appends `event` after `head`. */
export function sealEvent(head: Head, place: Place, event: NewEvent): EventRow {
  const personal = event.personal === null ? null : JSON.stringify(event.personal);
  const salt = personal === null ? null : place.newSalt();
  const row = {
    position: head.position + 1,
    stream: place.stream,
    version: place.version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    payload: JSON.stringify(event.payload),
    personal,
    salt,
    personalDigest: personal === null || salt === null ? null : digestPersonal(salt, personal),
    metadata: JSON.stringify(event.metadata),
    recordedAt: place.recordedAt,
  };
  return { ...row, hash: hashEvent(head.hash, row) };
}

/** The result of checking a slice. `redacted` counts the events whose personal part was deleted. */
export type ChainCheck =
  | { readonly kind: 'intact'; readonly head: Head; readonly redacted: number }
  | { readonly kind: 'broken'; readonly position: number; readonly reason: string };

/**
 * Checks that `rows` follow `from` without a gap or a change. The caller must compare the last row with the signed head
 * to detect rows missing at the end.
 */
export function verifyChain(from: Head, rows: readonly EventRow[]): ChainCheck {
  let head = from;
  let redacted = 0;
  for (const row of rows) {
    const position = head.position + 1;
    const reason = faultOf(head, row);
    if (reason !== null) return { kind: 'broken', position, reason };
    if (row.personalDigest !== null && row.personal === null) redacted += 1;
    head = { position, hash: row.hash };
  }
  return { kind: 'intact', head, redacted };
}

/** Why `row` cannot be the row written directly after `head`; null if it can. */
export function faultOf(head: Head, row: EventRow): string | null {
  if (row.position !== head.position + 1)
    return `position ${row.position} appears instead of ${head.position + 1}`;
  if (hashEvent(head.hash, row) !== row.hash)
    return 'its hash does not match its columns and the previous hash';
  if ((row.personal === null) !== (row.salt === null)) return 'only one of personal part and salt is present';
  if (row.personal === null || row.salt === null) return null;
  return digestPersonal(row.salt, row.personal) === row.personalDigest
    ? null
    : 'its personal part does not match its digest';
}

// Netstrings: each field is its length in UTF-8 bytes, a colon and its bytes; null is a minus sign. Different lists of
// fields never have the same encoding, and any language can produce it.
function encode(fields: readonly (string | null)[]): string {
  let text = '';
  for (const field of fields) text += field === null ? '-' : `${Buffer.byteLength(field)}:${field}`;
  return text;
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
