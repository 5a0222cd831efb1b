// The storage of the tracker: the event store and its writer, and readers of the tables derived from the log.
import { randomBytes } from 'node:crypto';
import { headText } from '../core/events/chain.js';
import { type Checkpoints, createSqlCheckpoints } from '../core/events/sql/checkpoints.js';
import type { Database } from '../core/events/sql/database.js';
import { createLogIdentity, type ReadLogIdentity } from '../core/events/sql/log-identity.js';
import { createSnapshotSeal } from '../core/events/snapshot-seal.js';
import { createSqlSnapshots } from '../core/events/sql/snapshots.js';
import type { ReadSql } from '../core/events/sql/sql.js';
import { createSqlStoppedStreams, type StoppedStreams } from '../core/events/sql/stopped-streams.js';
import { createSqlStore } from '../core/events/sql/store.js';
import { createWriter, type Writer } from '../core/events/sql/writer.js';
import type { EventStore } from '../core/events/store.js';
import type { SigningKey } from '../core/keys.js';
import type { Log } from '../core/log.js';
import type { ShutdownStack } from '../core/shutdown-stack.js';
import type { Clock } from '../core/time/clock.js';
import { trackerProjections } from './projections/derived.js';
import { createDirectory, type Directory } from './projections/directory.js';
import { createIntegrationList, type IntegrationList } from './projections/integrations.js';
import { createRevocationList, type RevocationList } from './projections/revocations.js';

export interface StorageParts {
  readonly database: Database;
  /** Signs the head of the log. */
  readonly signing: SigningKey;
  readonly clock: Clock;
  readonly log: Log;
  /** Gets the step that waits for the last write. */
  readonly shutdown: ShutdownStack;
}

export interface Storage {
  readonly reads: ReadSql;
  readonly writer: Writer;
  readonly store: EventStore;
  readonly snapshots: ReturnType<typeof createSqlSnapshots>;
  readonly checkpoints: Checkpoints;
  readonly stopped: StoppedStreams;
  readonly logIdentity: ReadLogIdentity;
  readonly directory: Directory;
  readonly revocations: RevocationList;
  readonly integrations: IntegrationList;
}

/** The size of salts: 128 bits, as in bcrypt. */
const SALT_BYTES = 16;

export function openStorage({ database, signing, clock, log, shutdown }: StorageParts): Storage {
  const { reads } = database;
  const writer = createWriter({
    connection: database.writeConnection,
    signHead: (head) => signing.sign(headText(head)).toString('base64url'),
  });
  shutdown.add(() => writer.drain());
  const store = createSqlStore({
    reads,
    writer,
    clock,
    newSalt: () => randomBytes(SALT_BYTES).toString('base64url'),
    projections: trackerProjections,
  });
  return {
    reads,
    writer,
    store,
    snapshots: createSqlSnapshots(reads, writer, createSnapshotSeal(signing.seed), log),
    checkpoints: createSqlCheckpoints(reads, writer),
    stopped: createSqlStoppedStreams(reads, writer),
    logIdentity: createLogIdentity(reads, writer, clock),
    directory: createDirectory(reads),
    revocations: createRevocationList(reads),
    integrations: createIntegrationList(reads),
  };
}
