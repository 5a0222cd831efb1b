import { join } from 'node:path';
import test from 'ava';
import { verifyHome } from '../../../admin/verify.js';
import { createDirectory } from '../../../actors/projections/directory.js';
import { createRevocationList } from '../../../actors/projections/revocations.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import { openDatabase } from '../../../core/events/sql/database.js';
import type { NewEvent } from '../../../core/events/event.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { QuarantinedEvents1767225770000 } from '../../../migrations/tracker/log/1767225770000-quarantined-events.js';
import {
  append,
  countedSalts,
  event,
  handClock,
  isHeadSigned,
  seals,
  signHead,
  START,
} from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { newDeviceId } from '../../support/identities.js';
import { ann, ben } from '../people.js';

const [desk, phone, tablet] = [newDeviceId(), newDeviceId(), newDeviceId()];
/** The migrations that an older version had, and the one without which the store of this version reads no event. */
const before = (name: string) => [
  ...trackerMigrations.slice(
    0,
    trackerMigrations.findIndex((migration) => migration.name.startsWith(name)),
  ),
  QuarantinedEvents1767225770000,
];

const was = (type: string, payload: NewEvent['payload'], personal: NewEvent['personal'] = null): NewEvent =>
  event(type, { payload, personal });
const registered = (account: AccountId, username: string): NewEvent =>
  was('AccountRegistered', { account }, { username });
const enrolled = (account: AccountId, device: DeviceId): NewEvent =>
  was('DeviceEnrolled', { account, device });
function revoked(account: AccountId, device: DeviceId, by: DeviceId | null): NewEvent {
  const plain = was('DeviceRevoked', { account, device });
  return { ...plain, metadata: { ...plain.metadata, account: by === null ? null : account, device: by } };
}

for (const version of ['Revocations', 'Names', 'Devices'] as const) {
  test(`migration: given accounts and devices from before ${version}, then missing values are filled in from the log, and a rebuild gives the same rows`, async (t) => {
    const file = join(await temporaryFolder(t), 'tracker.db');
    const old = await openDatabase({ file, migrations: before(version), tables: [] });
    const writer = createWriter({ connection: old.writeConnection, signHead });
    const parts = { reads: old.reads, writer, clock: handClock(), newSalt: countedSalts(), projections: [] };
    const store = createSqlStore(parts);
    // The phone logged out, logged in again and was revoked by the tracker. The desk revoked the tablet.
    const events = [
      registered(ann, 'Ann'),
      enrolled(ann, desk),
      enrolled(ann, phone),
      revoked(ann, phone, phone),
      enrolled(ann, phone),
      revoked(ann, phone, null),
      enrolled(ann, tablet),
      revoked(ann, tablet, desk),
    ];
    await store.append(append(`account-${ann}`, 0, { events }));
    await store.append(append(`account-${ben}`, 0, { events: [registered(ben, 'Ben')] }));
    await writer.write(async (sql) => {
      const [named, value] = version === 'Devices' ? [', named_at', `, ${START}`] : ['', ''];
      const accounts = `INSERT INTO accounts (id, username, folded, registered_at${named}) VALUES (?, ?, ?, ?${value})`;
      await sql.run(accounts, [ann, 'Ann', 'ann', START]);
      await sql.run(accounts, [ben, 'Ben', 'ben', START]);
      await sql.run('INSERT INTO devices (device, account, enrolled_at) VALUES (?, ?, ?)', [
        desk,
        ann,
        START,
      ]);
      await sql.run("INSERT INTO whereabouts (device, addresses) VALUES (?, '[]')", [desk]);
      if (version === 'Revocations') return;
      const revocations = 'INSERT INTO revocations (device, void_until) VALUES (?, ?)';
      await sql.run(revocations, [phone, START + 61_000]);
      await sql.run(revocations, [tablet, START + 60_000]);
    });
    await old.close();

    const now = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
    t.teardown(() => now.close());
    const directory = createDirectory(now.reads);
    t.like(await directory.account(ann), {
      username: 'Ann',
      registeredAt: START,
      namedAt: START,
      disabledPosition: null,
      disabledReason: null,
    });
    t.deepEqual(await directory.devicesOf(ann), [
      { device: desk, name: 'terminal', enrolledAt: START, seenAt: null },
    ]);
    const revocations = createRevocationList(now.reads);
    t.like(await revocations.lastOf(phone), { account: ann, revokedAt: START, revokedBy: null });
    t.like(await revocations.lastOf(tablet), { account: ann, revokedAt: START, revokedBy: desk });
    const since = await revocations.since(0);
    t.deepEqual([since.size, since.get(phone), since.get(tablet)], [2, START + 61_000, START + 60_000]);
    t.deepEqual(await now.drift(), []);
    const proof = await verifyHome({ file, isHeadSigned, seals }, () => undefined);
    t.like(proof, { kind: 'intact' }, JSON.stringify(proof));
  });
}
