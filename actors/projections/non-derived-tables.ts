// The TypeORM definitions of the tables that are not derived from events: announced addresses, waiting introductions, blocks,
// address privacy, contacts and login failures.
import { EntitySchema } from 'typeorm';
import { bigint } from '../../core/events/sql/tables.js';
import type { AccountId, DeviceId } from '../../core/ids.js';

const text = (length: number) => ({ type: 'varchar', length }) as const;

interface AnnouncedAddressesRow {
  readonly device: DeviceId;
  /** The addresses as JSON. The address that works most probably is the first. */
  readonly addresses: string;
  /** When it last announced addresses or disconnected; null for rows of an older tracker. */
  readonly seenAt: number | null;
}

const announcedAddressesTable = new EntitySchema<AnnouncedAddressesRow>({
  name: 'whereabouts',
  tableName: 'whereabouts',
  columns: {
    device: { ...text(64), primary: true },
    addresses: { type: 'text' },
    seenAt: { ...bigint, name: 'seen_at', nullable: true },
  },
});

interface WaitingRow {
  /** The account that was offline. */
  readonly awaited: AccountId;
  /** The device that waits, and its account. */
  readonly device: DeviceId;
  readonly account: AccountId;
}

const waitingTable = new EntitySchema<WaitingRow>({
  name: 'waiting',
  tableName: 'waiting',
  columns: {
    awaited: { ...text(32), primary: true },
    device: { ...text(64), primary: true },
    account: text(32),
  },
});

interface BlockRow {
  readonly account: AccountId;
  /** The account that `account` has blocked. */
  readonly blocked: AccountId;
  readonly since: number;
}

const blockTable = new EntitySchema<BlockRow>({
  name: 'block',
  tableName: 'blocks',
  columns: {
    account: { ...text(32), primary: true },
    blocked: { ...text(32), primary: true },
    since: bigint,
  },
  indices: [{ name: 'blocks_blocked', columns: ['blocked'] }],
});

/** An account that shares its addresses with contacts only. */
interface GuardedAccountRow {
  readonly account: AccountId;
  readonly since: number;
}

const guardedAccountTable = new EntitySchema<GuardedAccountRow>({
  name: 'guarded_account',
  tableName: 'guarded_accounts',
  columns: { account: { ...text(32), primary: true }, since: bigint },
});

interface ContactRow {
  readonly account: AccountId;
  /** The account that `account` has written to. */
  readonly accepted: AccountId;
  readonly since: number;
}

const contactTable = new EntitySchema<ContactRow>({
  name: 'contact',
  tableName: 'contacts',
  columns: {
    account: { ...text(32), primary: true },
    accepted: { ...text(32), primary: true },
    since: bigint,
  },
  indices: [{ name: 'contacts_accepted', columns: ['accepted'] }],
});

/** The failed logins with one name from one origin. */
interface LoginFailureRow {
  readonly name: string;
  readonly origin: string;
  readonly failures: number;
  readonly failedAt: number;
  /** The account that counts as throttled because of these failures. */
  readonly account: AccountId | null;
}

const loginFailureTable = new EntitySchema<LoginFailureRow>({
  name: 'login_failure',
  tableName: 'login_failures',
  columns: {
    name: { ...text(64), primary: true },
    origin: { ...text(64), primary: true },
    failures: { type: 'integer' },
    failedAt: { ...bigint, name: 'failed_at' },
    account: { ...text(32), nullable: true },
  },
  indices: [{ name: 'login_failures_account', columns: ['account'] }],
});

export const nonDerivedTables = [
  announcedAddressesTable,
  waitingTable,
  blockTable,
  guardedAccountTable,
  contactTable,
  loginFailureTable,
] as const;
