// The format of an exported log: lines of JSON. The first line is the header, then come the rows of the tables that no event holds,
// then the events with the exact texts that the hash chain covers, and a last line with a signed digest of all lines before it.
import { hash } from 'node:crypto';
import { z } from 'zod';
import {
  blocks,
  contacts,
  guardedAccounts,
  loginFailures,
  waiting,
  whereabouts,
} from '../../actors/projections/non-derived-tables.js';
import type { EventRow } from '../../core/events/event.js';
import {
  checkpoints,
  credentials,
  receipts,
  reservations,
  stoppedStreams,
} from '../../core/events/sql/tables.js';

const FORMAT = 'export/1';

/** The tables that every export has: state that no event holds. */
export const stateTables = [
  reservations,
  receipts,
  checkpoints,
  stoppedStreams,
  blocks,
  guardedAccounts,
  contacts,
  waiting,
] as const;

/** The tables that only an export with secrets has: password hashes, failed logins and the addresses of devices. */
export const secretTables = [credentials, loginFailures, whereabouts] as const;

const digits = (count: number) => z.string().regex(new RegExp(`^[0-9a-f]{${count}}$`));
const whole = z.number().int().nonnegative();

export const headerSchema = z.object({
  format: z.literal(FORMAT),
  /** The identity of the log, and when the log got it, in milliseconds since the epoch; null for a log without an identity. */
  log: z.object({ identity: digits(32), since: whole }).nullable(),
  head: z.object({ position: whole, hash: digits(64), signature: z.string() }),
  /** The root of the Merkle tree over all events. */
  root: digits(64),
  /** The public key that signed the head and the last line. */
  key: digits(64),
  hasSecrets: z.boolean(),
  /** The positions of the quarantined events, which an import does not apply. Exports of earlier versions omit the field. */
  quarantined: z.array(whole).default([]),
  /** The text of `keys.json`; null without secrets. */
  keys: z.string().nullable(),
});
export type ExportHeader = z.infer<typeof headerSchema>;

const values = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
export const stateSchema = z.strictObject({ table: z.string(), row: values, digest: digits(64) });
export type StateRow = Pick<z.infer<typeof stateSchema>, 'table' | 'row'>;

export const endSchema = z.strictObject({
  end: z.strictObject({ lines: whole, digest: digits(64), signature: z.string() }),
});
export type ExportEnd = z.infer<typeof endSchema>['end'];

/** How the lines of each kind begin. */
export const EVENT_BEGINS = '{"event":';
export const STATE_BEGINS = '{"table":';
export const END_BEGINS = '{"end":';

export const headerLine = (header: Omit<ExportHeader, 'format'>): string =>
  JSON.stringify({ format: FORMAT, ...header });
export const eventLine = (row: EventRow): string => `${EVENT_BEGINS}${JSON.stringify(row)}}`;
export const stateLine = ({ table, row }: StateRow, digest: string): string =>
  JSON.stringify({ table, row, digest });
export const endLine = (end: ExportEnd): string => JSON.stringify({ end });

/** The first digest of the chain over the rows of tables; the header is part of it. */
export const firstDigest = (header: string): string => sha256(`partyline/export-rows/v1\0${header}`);
/** The digest of a row, which also covers the rows before it: a changed row is found at its own line. */
export const nextDigest = (before: string, { table, row }: StateRow): string =>
  sha256(`${before}\0${JSON.stringify([table, row])}`);

/** The bytes that the tracker signs for the last line. */
export const endText = (lines: number, digest: string): Buffer =>
  Buffer.from(`partyline/export/v1\0${lines}\0${digest}`);

const sha256 = (text: string): string => hash('sha256', text, 'hex');
