// The tables of the event store. The columns of `events` are final.
import { z } from 'zod';
import { bigint, defineTable, flag, integer, longText, nullable, primary, text } from './table.js';

const stream = text(200, z.string());
const hash = text(64, z.string());
const json = longText(z.string());

export const events = defineTable(
  'events',
  {
    position: primary(bigint()),
    stream,
    version: bigint(),
    type: text(100, z.string()),
    schemaVersion: integer(),
    payload: json,
    personal: nullable(json),
    salt: nullable(text(64, z.string())),
    personalDigest: nullable(hash),
    metadata: json,
    recordedAt: bigint(),
    hash,
  },
  [{ name: 'events_stream_version', columns: ['stream', 'version'], unique: true }],
);

export const logHead = defineTable('log_head', {
  id: primary(integer()),
  position: bigint(),
  hash,
  signature: longText(z.string()),
});

export const reservations = defineTable(
  'reservations',
  {
    kind: primary(text(64, z.string())),
    name: primary(text(200, z.string())),
    owner: text(200, z.string()),
    until: nullable(bigint()),
  },
  [{ name: 'reservations_kind_owner', columns: ['kind', 'owner'] }],
);

export const receipts = defineTable(
  'receipts',
  {
    scope: primary(text(200, z.string())),
    commandId: primary(text(64, z.string())),
    digest: text(128, z.string()),
    outcome: json,
    recordedAt: bigint(),
  },
  [{ name: 'receipts_recorded_at', columns: ['recordedAt'] }],
);

export const credentials = defineTable('credentials', {
  owner: primary(text(200, z.string())),
  secret: longText(z.string()),
});

export const checkpoints = defineTable('checkpoints', {
  name: primary(text(100, z.string())),
  position: bigint(),
});

export const snapshots = defineTable('snapshots', {
  stream: primary(stream),
  machineVersion: integer(),
  version: bigint(),
  state: json,
  position: bigint(),
  hash,
  seal: hash,
});

export const stoppedStreams = defineTable('stopped_streams', {
  follower: primary(text(100, z.string())),
  stream: primary(stream),
  version: bigint(),
  position: bigint(),
  reason: longText(z.string()),
});

export const logIdentity = defineTable('log_identity', {
  id: primary(integer()),
  identity: text(32, z.string()),
  since: bigint(),
});

/** The complete tiles of the log's Merkle tree; see log-tree.ts. It is derived from `events`. */
export const logTree = defineTable('log_tree', {
  /** 1 for tiles of leaves. */
  level: primary(integer()),
  /** The tile's place in its level, from 0. */
  place: primary(bigint()),
  /** The root over the 256 hashes of the tile. */
  hash,
});

/** The events that the operator quarantined or released; see core/events/quarantine/. The table is derived from `events`. */
export const quarantinedEvents = defineTable(
  'quarantined_events',
  {
    position: primary(bigint()),
    stream,
    version: bigint(),
    /** False for an event that was released. */
    isQuarantined: flag(),
    /** The position of the last event that quarantined or released it. */
    changedBy: bigint(),
    /** The operator's reason for the last change; empty if it was redacted. */
    reason: longText(z.string()),
  },
  [{ name: 'quarantined_events_stream', columns: ['stream', 'changedBy'] }],
);

export const engineTables = [
  events,
  logHead,
  reservations,
  receipts,
  credentials,
  checkpoints,
  snapshots,
  stoppedStreams,
  logIdentity,
  logTree,
] as const;
