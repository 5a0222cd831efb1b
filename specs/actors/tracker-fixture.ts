// A tracker without a broker: everything between the endpoints and a real database, with a clock and timers that the spec controls.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import sodium from 'sodium-native';
import { type AdmissionLimits, createAdmission } from '../../actors/admission/admission.js';
import { type Origin, originOf } from '../../core/origin.js';
import { createBlocks } from '../../actors/contact/blocks.js';
import { createPrivacy } from '../../actors/contact/privacy.js';
import type { Caller } from '../../actors/caller.js';
import { createAccountHandler } from '../../actors/handlers/account.js';
import { createAuthentication } from '../../actors/handlers/authentication.js';
import { createGrants } from '../../actors/handlers/grants.js';
import type { Handler } from '../../actors/handlers/handler.js';
import { createPasswordChange } from '../../actors/handlers/password.js';
import { createPeopleHandler, createPrivateHandler } from '../../actors/handlers/people.js';
import { createRoomHandler } from '../../actors/handlers/rooms.js';
import { createSyncHandler } from '../../actors/handlers/sync.js';
import { createOperatorHost } from '../../actors/host.js';
import { createLogProofs } from '../../actors/witness/log-proofs.js';
import { createIntroducer } from '../../actors/contact/introductions.js';
import { createHasher, type Hasher, MIN_COST } from '../../actors/passwords/hasher.js';
import { createPasswordTable } from '../../actors/passwords/table.js';
import { createPresence } from '../../actors/presence/presence.js';
import { createWaiting } from '../../actors/presence/waiting.js';
import { createAnnouncedAddresses } from '../../actors/presence/announced-addresses.js';
import { trackerProjections } from '../../actors/projections/derived.js';
import { createDirectory } from '../../actors/projections/directory.js';
import { createRevocationList } from '../../actors/projections/revocations.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { openDatabase } from '../../core/events/sql/database.js';
import type { ReadSql, WriteConnection } from '../../core/events/sql/sql.js';
import { createLogIdentity } from '../../core/events/sql/log-identity.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { createWriter } from '../../core/events/sql/writer.js';
import {
  type AccountId,
  accountIdSchema,
  type CommandId,
  commandIdSchema,
  type DeviceId,
  systemIds,
} from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';
import { silentLog } from '../../core/log.js';
import { type Answer, makeRequest, type Title } from '../../core/protocol/envelope.js';
import type { Signed } from '../../core/protocol/signed/signed.js';
import type { Family } from '../../core/protocol/status.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { countedSalts, handClock, signHead } from '../core/events/samples.js';
import { temporaryFolder } from '../support/folder.js';
import { newDeviceId } from '../support/identities.js';
import type { Keeper } from '../support/keeper.js';
import { copyTrackerTemplate } from '../support/tracker-template.js';
import { generous } from './limits.js';
import { handTimers } from './timers.js';

export type TrackerFixture = Awaited<ReturnType<typeof openTrackerFixture>>;

export interface TrackerFixtureOptions {
  /** A database file from an earlier fixture of the same spec. */
  readonly file?: string;
  readonly hasher?: Hasher;
  readonly limits?: AdmissionLimits;
  /** Replaces the database's own write connection. */
  readonly writeConnection?: (file: string) => WriteConnection;
}

export async function openTrackerFixture(t: ExecutionContext, options: TrackerFixtureOptions = {}) {
  const file = options.file ?? join(await temporaryFolder(t), 'tracker.db');
  if (options.file === undefined) await copyTrackerTemplate(file);
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  t.teardown(() => database.close());
  const connection = options.writeConnection?.(file) ?? database.writeConnection;
  return { file, database, ...composeTracker(t, { ...options, reads: database.reads, connection }) };
}

export interface TrackerParts extends Pick<TrackerFixtureOptions, 'hasher' | 'limits'> {
  /** A new key by default. */
  readonly signing?: SigningKey;
  readonly reads: ReadSql;
  readonly connection: WriteConnection;
  /** Receives each introduction that the tracker pushes. */
  readonly onIntroduction?: (account: AccountId, introduction: Signed) => void;
  /** Receives each account whose block list has changed. Its devices must fetch the list again. */
  readonly onBlocks?: (account: AccountId) => void;
  readonly reflectorPorts?: readonly number[];
}

/** Everything between the endpoints and a database that is open and has the tracker's tables. */
export function composeTracker(t: Keeper, options: TrackerParts) {
  const { reads, connection, reflectorPorts = [4_200, 4_201] } = options;
  const steadyClock = handClock();
  let stepMs = 0;
  const clock = {
    now: () => steadyClock.now() + stepMs,
    advance: (durationMs: number) => steadyClock.advance(durationMs),
    /** Sets the machine's clock forward or back. No time passes. */
    step(byMs: number) {
      stepMs += byMs;
    },
  };
  const timers = handTimers();
  const signing = options.signing ?? generateSigningKey();
  const sealing = newSealingKey();
  const writer = createWriter({ connection, signHead });
  const store = createSqlStore({
    reads,
    writer,
    clock,
    newSalt: countedSalts(),
    projections: trackerProjections,
  });
  const host = createOperatorHost({ store, clock });
  const directory = createDirectory(reads);
  const revocations = createRevocationList(reads);
  const presence = createPresence(timers.schedule);
  const announcedAddresses = createAnnouncedAddresses(reads, writer, clock);
  const waiting = createWaiting(reads, writer);
  const pushed: { readonly account: AccountId; readonly statement: Signed }[] = [];
  const push = (account: AccountId, statement: Signed): void => {
    pushed.push({ account, statement });
    options.onIntroduction?.(account, statement);
  };
  const blocks = createBlocks(reads, writer, clock);
  const privacy = createPrivacy(reads, writer, clock, directory);
  const introducer = createIntroducer({
    directory,
    presence,
    announcedAddresses,
    waiting,
    blocks,
    privacy,
    signing,
    clock,
    push,
  });
  const hasher = options.hasher ?? testHasher(t);
  const passwords = createPasswordTable(store, writer);
  const admission = createAdmission({
    limits: options.limits ?? generous,
    reads,
    writer,
    host,
    clock,
    steadyClock,
    ids: systemIds,
    log: silentLog,
  });
  t.teardown(() => admission.record.idle());
  // The origin of each device; devices without an entry share one origin.
  const from = new Map<DeviceId, Origin>();
  const guarding = {
    host,
    store,
    directory,
    hasher,
    admission,
    origins: { of: async (device: DeviceId) => from.get(device) ?? originOf('192.0.2.1') },
    passwords,
    sealing,
    clock,
  };
  const changePassword = createPasswordChange(guarding);
  const authentication = createAuthentication({
    ...guarding,
    revocations,
    grantTo: createGrants({
      mint: ({ account, device }) => `jwt of ${account} ${device}`,
      directory,
      revocations,
      clock,
    }),
    ids: systemIds,
  });
  /** The accounts whose devices were notified of changed blocks. */
  const toldOfBlocks: AccountId[] = [];
  const onBlocks = (account: AccountId): void => {
    toldOfBlocks.push(account);
    options.onBlocks?.(account);
  };
  const people = {
    directory,
    presence,
    announcedAddresses,
    introducer,
    blocks,
    privacy,
    onBlocks,
    reflectorPorts,
  };
  const logIdentity = createLogIdentity(reads, writer, clock);
  const logProofs = createLogProofs({ reads, store, logIdentity, signing });
  const handlers = {
    account: createAccountHandler({ host, directory, presence, authentication, changePassword, clock }),
    rooms: createRoomHandler({
      host,
      store,
      reads,
      directory,
      presence,
      blocks,
      logProofs,
      signing,
      ids: systemIds,
    }),
    sync: createSyncHandler({ directory, store, signing, logIdentity, logProofs, log: silentLog }),
    people: createPeopleHandler(people),
    private: createPrivateHandler(people),
  };

  /** Registers an account with one device and no password. */
  async function enrolled(username: string, device: DeviceId = newDeviceId()): Promise<Caller> {
    const caller = { account: newAccountId(), device };
    await host.send({
      kind: 'account',
      id: caller.account,
      command: { type: 'RegisterAccount', ...caller, personal: { username, deviceName: 'desk' } },
      metadata: metadata(caller),
    });
    return caller;
  }

  /** Enrols one more device of the account. */
  async function another(
    { account }: Pick<Caller, 'account'>,
    device: DeviceId = newDeviceId(),
  ): Promise<Caller> {
    const caller = { account, device };
    const command = { type: 'EnrolDevice', ...caller, personal: { deviceName: 'phone' } } as const;
    await host.send({ kind: 'account', id: account, command, metadata: metadata(caller) });
    return caller;
  }

  const ask = {
    account: asking(handlers.account, 'Account'),
    rooms: asking(handlers.rooms, 'ChatRoom'),
    sync: asking(handlers.sync, 'Sync'),
    people: asking(handlers.people, 'People'),
    private: asking(handlers.private, 'PRIVATE'),
  };

  return {
    clock,
    steadyClock,
    timers,
    signing,
    sealing,
    writer,
    store,
    host,
    directory,
    revocations,
    presence,
    passwords,
    logProofs,
    pushed,
    toldOfBlocks,
    authentication,
    admission,
    handlers,
    from,
    ask,
    enrolled,
    another,
  };
}

const asking =
  <F extends Family>(handler: Handler<F>, title: Title) =>
  (caller: Caller, data: Json, id: CommandId = newCommandId()): Promise<Answer<F>> =>
    handler(caller, makeRequest({ id, title, data }));

/** A hasher of the least cost, closed with the spec. Its clock does not advance, so no work takes too long. */
export function testHasher(t: Keeper, cost = MIN_COST, maxQueue = 64): Hasher {
  const hasher = createHasher({ cost, maxQueue }, handClock());
  t.teardown(() => hasher.close());
  return hasher;
}

export const newCommandId = (): CommandId => commandIdSchema.parse(systemIds.next());
const newAccountId = (): AccountId => accountIdSchema.parse(systemIds.next());

function metadata({ account, device }: Caller) {
  const id = newCommandId();
  return { account, device, commandId: id, correlationId: id, causationId: null, traceparent: null };
}

function newSealingKey() {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES);
  const secretKey = Buffer.alloc(sodium.crypto_box_SECRETKEYBYTES);
  sodium.crypto_box_keypair(publicKey, secretKey);
  return { publicKey, secretKey };
}
