// The tables that are not derived from events: announced addresses, waiting introductions, blocks, address privacy, contacts and
// login failures.
import { z } from 'zod';
import {
  bigint,
  defineTable,
  integer,
  longText,
  nullable,
  primary,
  text,
} from '../../core/events/sql/table.js';
import { accountIdSchema, deviceIdSchema } from '../../core/ids.js';

const accountId = text(32, accountIdSchema);
const deviceId = text(64, deviceIdSchema);

export const whereabouts = defineTable('whereabouts', {
  device: primary(deviceId),
  /** The addresses as JSON. The address that is most likely to work comes first. */
  addresses: longText(z.string()),
  /** When the device last announced addresses or disconnected; null for rows of an older tracker. */
  seenAt: nullable(bigint()),
});

/** The devices that wait for an introduction to an account that was offline. */
export const waiting = defineTable('waiting', {
  /** The account that was offline. */
  awaited: primary(accountId),
  /** The device that waits, and its account. */
  device: primary(deviceId),
  account: accountId,
});

export const blocks = defineTable(
  'blocks',
  {
    account: primary(accountId),
    /** The account that `account` has blocked. */
    blocked: primary(accountId),
    since: bigint(),
  },
  [{ name: 'blocks_blocked', columns: ['blocked'] }],
);

/** The accounts that share their addresses with contacts only. */
export const guardedAccounts = defineTable('guarded_accounts', {
  account: primary(accountId),
  since: bigint(),
});

export const contacts = defineTable(
  'contacts',
  {
    account: primary(accountId),
    /** The account that `account` has written to. */
    accepted: primary(accountId),
    since: bigint(),
  },
  [{ name: 'contacts_accepted', columns: ['accepted'] }],
);

/** The failed logins with one name from one origin. */
export const loginFailures = defineTable(
  'login_failures',
  {
    name: primary(text(64, z.string())),
    origin: primary(text(64, z.string())),
    failures: integer(),
    failedAt: bigint(),
    /** The account that counts as throttled because of these failures. */
    account: nullable(accountId),
  },
  [{ name: 'login_failures_account', columns: ['account'] }],
);

export const nonDerivedTables = [
  whereabouts,
  waiting,
  blocks,
  guardedAccounts,
  contacts,
  loginFailures,
] as const;
