// The event store's tables as TypeORM entities, for lookups and for checking that migrations and code agree.
import { EntitySchema, type EntitySchemaColumnOptions, type ValueTransformer } from 'typeorm';
import type { EventRow } from '../event.js';
import type { SignedHead } from '../store.js';

// PostgreSQL returns 64-bit integers as text, SQLite as numbers. The values here stay below 2^53.
const asNumber: ValueTransformer = {
  from: (stored: unknown) => (stored === null ? null : Number(stored)),
  to: (value: unknown) => value,
};

/** A 64-bit integer column that is a number on every database: a position, a version or a time. */
export const bigint = { type: 'bigint', transformer: asNumber } satisfies EntitySchemaColumnOptions;

const text = (length: number) => ({ type: 'varchar', length }) satisfies EntitySchemaColumnOptions;

const eventTable = new EntitySchema<EventRow>({
  name: 'event',
  tableName: 'events',
  columns: {
    position: { ...bigint, primary: true },
    stream: text(200),
    version: bigint,
    type: text(100),
    schemaVersion: { name: 'schema_version', type: 'integer' },
    payload: { type: 'text' },
    personal: { type: 'text', nullable: true },
    salt: { ...text(64), nullable: true },
    personalDigest: { ...text(64), name: 'personal_digest', nullable: true },
    metadata: { type: 'text' },
    recordedAt: { ...bigint, name: 'recorded_at' },
    hash: text(64),
  },
  indices: [{ name: 'events_stream_version', columns: ['stream', 'version'], unique: true }],
});

const headTable = new EntitySchema<SignedHead & { readonly id: number }>({
  name: 'log_head',
  tableName: 'log_head',
  columns: {
    id: { type: 'integer', primary: true },
    position: bigint,
    hash: text(64),
    signature: { type: 'text' },
  },
});

export interface ReservationRow {
  readonly kind: string;
  readonly name: string;
  readonly owner: string;
  readonly until: number | null;
}

const reservationTable = new EntitySchema<ReservationRow>({
  name: 'reservation',
  tableName: 'reservations',
  columns: {
    kind: { ...text(64), primary: true },
    name: { ...text(200), primary: true },
    owner: text(200),
    until: { ...bigint, nullable: true },
  },
  indices: [{ name: 'reservations_kind_owner', columns: ['kind', 'owner'] }],
});

export interface ReceiptRow {
  readonly scope: string;
  readonly commandId: string;
  readonly digest: string;
  readonly outcome: string;
  readonly recordedAt: number;
}

const receiptTable = new EntitySchema<ReceiptRow>({
  name: 'receipt',
  tableName: 'receipts',
  columns: {
    scope: { ...text(200), primary: true },
    commandId: { ...text(64), name: 'command_id', primary: true },
    digest: text(128),
    outcome: { type: 'text' },
    recordedAt: { ...bigint, name: 'recorded_at' },
  },
  indices: [{ name: 'receipts_recorded_at', columns: ['recordedAt'] }],
});

const credentialTable = new EntitySchema<{ readonly owner: string; readonly secret: string }>({
  name: 'credential',
  tableName: 'credentials',
  columns: { owner: { ...text(200), primary: true }, secret: { type: 'text' } },
});

const checkpointTable = new EntitySchema<{ readonly name: string; readonly position: number }>({
  name: 'checkpoint',
  tableName: 'checkpoints',
  columns: { name: { ...text(100), primary: true }, position: bigint },
});

const snapshotTable = new EntitySchema<{
  readonly stream: string;
  readonly machineVersion: number;
  readonly version: number;
  readonly state: string;
  readonly position: number;
  readonly hash: string;
  readonly seal: string;
}>({
  name: 'snapshot',
  tableName: 'snapshots',
  columns: {
    stream: { ...text(200), primary: true },
    machineVersion: { name: 'machine_version', type: 'integer' },
    version: bigint,
    state: { type: 'text' },
    position: bigint,
    hash: text(64),
    seal: text(64),
  },
});

const stoppedStreamTable = new EntitySchema<{
  readonly follower: string;
  readonly stream: string;
  readonly version: number;
  readonly position: number;
  readonly reason: string;
}>({
  name: 'stopped_stream',
  tableName: 'stopped_streams',
  columns: {
    follower: { ...text(100), primary: true },
    stream: { ...text(200), primary: true },
    version: bigint,
    position: bigint,
    reason: { type: 'text' },
  },
});

const logIdentityTable = new EntitySchema<{
  readonly id: number;
  readonly identity: string;
  readonly since: number;
}>({
  name: 'log_identity',
  tableName: 'log_identity',
  columns: { id: { type: 'integer', primary: true }, identity: text(32), since: bigint },
});

export const engineTables = [
  eventTable,
  headTable,
  reservationTable,
  receiptTable,
  credentialTable,
  checkpointTable,
  snapshotTable,
  stoppedStreamTable,
  logIdentityTable,
] as const;
