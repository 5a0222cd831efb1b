// The derived tables of integrations and of the keys of their credentials. All times are in milliseconds since the epoch.
import { z } from 'zod';
import { integrationKeySchema, integrationNameSchema } from '../../core/bus/integration/scope.js';
import { bigint, defineTable, longText, nullable, primary, text } from '../../core/events/sql/table.js';

const name = text(32, integrationNameSchema);
const key = text(64, integrationKeySchema);

export const integrations = defineTable('integrations', {
  name: primary(name),
  /** The key of the current or last credentials. */
  key,
  /** A JSON array of scopes. */
  scopes: longText(z.string()),
  /** A JSON array of the streams of rooms; empty: all rooms. */
  rooms: longText(z.string()),
  /** The position of the first event that the integration may read. */
  fromPosition: bigint(),
  grantedAt: bigint(),
  /** When the current or last credentials were issued. */
  issuedAt: bigint(),
  /** Null: the credentials do not expire. */
  expiresAt: nullable(bigint()),
  /** Null: the integration is not revoked. */
  revokedAt: nullable(bigint()),
  /** The position of the last event of the integration. */
  changedPosition: bigint(),
});

/** Every key that was ever granted. */
export const integrationKeys = defineTable(
  'integration_keys',
  {
    key: primary(key),
    name,
    issuedAt: bigint(),
    expiresAt: nullable(bigint()),
    /** Credentials with this key that were issued up to this time are void; null: the key is in use. */
    voidUntil: nullable(bigint()),
  },
  [{ name: 'integration_keys_name', columns: ['name'] }],
);
