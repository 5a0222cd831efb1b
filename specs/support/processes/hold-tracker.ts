// A second tracker next to a running one: the same database file, broker and queue group, with its own actors. It
// answers requests about rooms. Parts that must run only once (reactors, revocations, registrations) stay with the
// first tracker.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createBuckets } from '../../../actors/admission/buckets.js';
import { serveEndpoints } from '../../../actors/endpoints.js';
import { createBlocks } from '../../../actors/contact/blocks.js';
import { createLogProofs } from '../../../actors/witness/log-proofs.js';
import { createLogIdentity } from '../../../core/events/sql/log-identity.js';
import { createRoomHandler } from '../../../actors/handlers/rooms.js';
import { createTrackerHost } from '../../../actors/host.js';
import { createPresence } from '../../../actors/presence/presence.js';
import { trackerProjections } from '../../../actors/projections/derived.js';
import { createDirectory } from '../../../actors/projections/directory.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import type { Bus } from '../../../core/bus/bus.js';
import { connectBus } from '../../../core/bus/connection/connection.js';
import {
  type Credentials,
  doorCredentials,
  trackerCredentials,
} from '../../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { systemClock } from '../../../core/time/clock.js';
import { headText } from '../../../core/events/chain.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import { type DeviceId, systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';

const [home = '', servers = ''] = process.argv.slice(2);
const keyring = await openKeyring(home);
const { signing } = keyring;
const file = join(home, 'tracker.db');
const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
const writer = createWriter({
  connection: database.writeConnection,
  signHead: (head) => signing.sign(headText(head)).toString('base64url'),
});
const store = createSqlStore({
  reads: database.reads,
  writer,
  clock: systemClock,
  newSalt: () => randomBytes(16).toString('base64url'),
  projections: trackerProjections,
});
const connect = (credentials: Credentials): Promise<Bus> =>
  connectBus({ servers, credentials, inboxPrefix: '_INBOX_tracker', name: 'second', log: silentLog });
const bus = await connect(trackerCredentials(keyring, systemClock.now()));
const door = await connect(doorCredentials(keyring, systemClock.now()));
const directory = createDirectory(database.reads);
const elsewhere = async () => Promise.resolve({ phrase: 'UNAVAILABLE' } as const);
const rooms = createRoomHandler({
  host: createTrackerHost({ store, clock: systemClock }),
  store,
  reads: database.reads,
  logProofs: createLogProofs({
    reads: database.reads,
    store,
    logIdentity: createLogIdentity(database.reads, writer, systemClock),
    signing,
  }),
  directory,
  presence: createPresence(() => () => undefined),
  blocks: createBlocks(database.reads, writer, systemClock),
  signing,
  ids: systemIds,
});

serveEndpoints({
  bus,
  guestBus: door,
  clock: systemClock,
  log: silentLog,
  directory,
  requests: createBuckets<DeviceId>({
    capacity: 100_000,
    perSecond: 100_000,
    maxKeys: 1_000,
    clock: systemClock,
  }),
  authentication: { register: elsewhere, login: elsewhere, renew: elsewhere },
  handlers: {
    account: elsewhere,
    sync: elsewhere,
    people: elsewhere,
    private: elsewhere,
    rooms,
  },
});
await Promise.all([bus.flush(), door.flush()]);
console.log('serves');
