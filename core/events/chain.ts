// The hash chain over the log: how a row is sealed, and how a slice is checked. It knows no database and no key.
import { hash } from 'node:crypto';
import type { EventRow, NewEvent } from './event.js';

/** The log's end: the last position given and the chain's hash there. */
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

/** What stands for the personal text in the chain: SHA-256 over salt and exact text, 64 hexadecimal digits. */
export function digestPersonal(salt: string, personalText: string): string {
  return sha256(encode(['partyline/personal/v1', salt, personalText]));
}

/** SHA-256 over the previous hash and all columns of the row, the personal part and its salt by their digest. */
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

/** Where and when a new event takes its place. */
export interface Place {
  readonly stream: string;
  readonly version: number;
  readonly recordedAt: number;
  /** Random text, one for each event; 128 bits or more. */
  readonly newSalt: () => string;
}

/** The row that puts `event` after `head`. */
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

/** What checking a slice found. `redacted` counts the events whose personal part was deleted. */
export type ChainCheck =
  | { readonly kind: 'intact'; readonly head: Head; readonly redacted: number }
  | { readonly kind: 'broken'; readonly position: number; readonly reason: string };

/**
 * Checks that `rows` follow `from` without gap or change, up to the last of them. That nothing is missing
 * behind the last is for the caller to compare with the signed head.
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

/** Why `row` cannot be what was written right after `head`; null if it is. */
export function faultOf(head: Head, row: EventRow): string | null {
  if (row.position !== head.position + 1)
    return `position ${row.position} stands where ${head.position + 1} belongs`;
  if (hashEvent(head.hash, row) !== row.hash)
    return 'its hash does not fit its columns and the hash before it';
  if ((row.personal === null) !== (row.salt === null)) return 'personal part and salt are not both there';
  if (row.personal === null || row.salt === null) return null;
  return digestPersonal(row.salt, row.personal) === row.personalDigest
    ? null
    : 'its personal part does not fit its digest';
}

// Netstrings: each field is its length in UTF-8 bytes, a colon, its bytes; a null is a bare minus. No two
// lists of fields have the same encoding, and any language can repeat it.
function encode(fields: readonly (string | null)[]): string {
  let text = '';
  for (const field of fields) text += field === null ? '-' : `${Buffer.byteLength(field)}:${field}`;
  return text;
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
