// The projection of integrations and of the keys of their credentials into tables, and the queries on them.
import { z } from 'zod';
import {
  type IntegrationKey,
  integrationKeySchema,
  type IntegrationName,
  integrationNameSchema,
  roomStreamSchema,
  type Scope,
  scopeSchema,
} from '../../core/bus/integration/scope.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Projection } from '../../core/events/derived/projector.js';
import type { ReadSql, Sql } from '../../core/events/sql/sql.js';
import { insertInto, selectFrom, upsertInto } from '../../core/events/sql/table.js';
import { addressOf } from '../../core/actor/aggregate.js';
import { integrationKeys, integrations } from './integration-tables.js';

// As for devices: credentials that were issued shortly after the revocation are void too. A key is never granted twice.
const MARGIN_MS = 60_000;

const credentialsSchema = z.object({
  key: integrationKeySchema,
  scopes: z.array(scopeSchema),
  rooms: z.array(roomStreamSchema),
  issuedAt: z.int(),
  expiresAt: z.int().nullable(),
});
const grantedSchema = credentialsSchema.extend({ from: z.int() });
const rotatedSchema = credentialsSchema.extend({ formerKey: integrationKeySchema });
const revokedSchema = z.object({ key: integrationKeySchema });
const listSchema = z.preprocess(
  (text) => (typeof text === 'string' ? JSON.parse(text) : text),
  z.array(z.string()),
);

export const integrationProjection: Projection = { name: 'integrations', apply };

async function apply(event: RecordedEvent, sql: Sql): Promise<void> {
  const { type, stream, payload, position, recordedAt } = event;
  if (!stream.startsWith('integration-')) return;
  const name = integrationNameSchema.parse(addressOf(stream)?.id);
  switch (type) {
    case 'IntegrationGranted': {
      const { from, ...credentials } = grantedSchema.parse(payload);
      const row = { ...rowOf(name, credentials), fromPosition: from, grantedAt: recordedAt, revokedAt: null };
      await sql.run(...upsertInto(integrations, { ...row, changedPosition: position }));
      return addKey(sql, name, credentials);
    }
    case 'IntegrationRotated': {
      const { formerKey, ...credentials } = rotatedSchema.parse(payload);
      await sql.run(
        `UPDATE integrations SET key = ?, scopes = ?, rooms = ?, issued_at = ?, expires_at = ?, changed_position = ?
         WHERE name = ?`,
        [
          credentials.key,
          JSON.stringify(credentials.scopes),
          JSON.stringify(credentials.rooms),
          credentials.issuedAt,
          credentials.expiresAt,
          position,
          name,
        ],
      );
      await voidKey(sql, formerKey, recordedAt);
      return addKey(sql, name, credentials);
    }
    case 'IntegrationRevoked': {
      const { key } = revokedSchema.parse(payload);
      await sql.run('UPDATE integrations SET revoked_at = ?, changed_position = ? WHERE name = ?', [
        recordedAt,
        position,
        name,
      ]);
      return voidKey(sql, key, recordedAt);
    }
    default:
  }
}

type Stored = z.infer<typeof credentialsSchema>;

const rowOf = (name: IntegrationName, { key, scopes, rooms, issuedAt, expiresAt }: Stored) => ({
  name,
  key,
  scopes: JSON.stringify(scopes),
  rooms: JSON.stringify(rooms),
  issuedAt,
  expiresAt,
});

async function addKey(sql: Sql, name: IntegrationName, { key, issuedAt, expiresAt }: Stored): Promise<void> {
  await sql.run(...insertInto(integrationKeys, { key, name, issuedAt, expiresAt, voidUntil: null }));
}

// The later of the two times: the clock may have been set back after the credentials were issued.
async function voidKey(sql: Sql, key: IntegrationKey, revokedAt: number): Promise<void> {
  await sql.run(
    `UPDATE integration_keys SET void_until = CASE WHEN issued_at > ? THEN issued_at ELSE ? END + ${MARGIN_MS}
     WHERE key = ?`,
    [revokedAt, revokedAt, key],
  );
}

/** An integration as of the end of the log. Times are in milliseconds since the epoch. */
export interface Integration {
  readonly name: IntegrationName;
  readonly key: IntegrationKey;
  readonly scopes: readonly Scope[];
  /** The streams of the rooms that narrow its scopes; empty: all rooms. */
  readonly rooms: readonly string[];
  /** The position of the first event that it may read. */
  readonly from: number;
  readonly grantedAt: number;
  readonly issuedAt: number;
  /** Null: its credentials do not expire. */
  readonly expiresAt: number | null;
  /** Null: it is not revoked. */
  readonly revokedAt: number | null;
  /** The position of its last event. */
  readonly changedPosition: number;
}

export interface IntegrationList {
  /** In the order of their names, with the revoked ones. */
  all(): Promise<readonly Integration[]>;
  /** Null if there never was one with this name. */
  named(name: IntegrationName): Promise<Integration | null>;
  /** The void keys of an integration that have not expired at `time`, each with the time up to which its credentials are void. */
  voidKeys(name: IntegrationName, time: number): Promise<ReadonlyMap<IntegrationKey, number>>;
}

export function createIntegrationList(reads: Pick<ReadSql, 'all'>): IntegrationList {
  return {
    async all() {
      return (await reads.all(`${selectFrom(integrations)} ORDER BY name`)).map(integrationOf);
    },
    async named(name) {
      const [row] = await reads.all(`${selectFrom(integrations)} WHERE name = ?`, [name]);
      return row === undefined ? null : integrationOf(row);
    },
    async voidKeys(name, time) {
      const rows = await reads.all(
        `${selectFrom(integrationKeys)}
         WHERE name = ? AND void_until IS NOT NULL AND (expires_at IS NULL OR expires_at >= ?)`,
        [name, time],
      );
      return new Map(
        rows.map((row) => integrationKeys.row.parse(row)).map(({ key, voidUntil }) => [key, voidUntil ?? 0]),
      );
    },
  };
}

function integrationOf(row: unknown): Integration {
  const { fromPosition, scopes, rooms, ...rest } = integrations.row.parse(row);
  return {
    ...rest,
    from: fromPosition,
    scopes: z.array(scopeSchema).parse(listSchema.parse(scopes)),
    rooms: listSchema.parse(rooms),
  };
}
