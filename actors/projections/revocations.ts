// The projection of revoked devices into a table, and the queries on it.
import { z } from 'zod';
import type { Revocations } from '../../core/bus/credentials/credentials.js';
import type { Projection } from '../../core/events/derived/projector.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { insertInto, selectFrom } from '../../core/events/sql/table.js';
import { accountIdSchema, type DeviceId, deviceIdSchema } from '../../core/ids.js';
import { type RevocationRow, revocations } from './tables.js';

// Credentials issued shortly after the revocation are void too: they may have been issued while the revocation was being stored,
// or by a clock that was set back. A device that is enrolled again gets credentials with a later date.
const MARGIN_MS = 60_000;
/** A JWT keeps whole seconds. */
const SECOND_MS = 1_000;

const revokedSchema = z.object({ account: accountIdSchema, device: deviceIdSchema });
const revokerSchema = deviceIdSchema.nullable();
const reasoned = z.object({ reason: z.string() });

/** Rows are never deleted, so that the table equals a rebuilt one. Its readers decide which rows still matter. */
export const revocationProjection: Projection = {
  name: 'revocations',
  async apply({ type, payload, personal, metadata, recordedAt }, sql) {
    if (type !== 'DeviceRevoked') return;
    const { account, device } = revokedSchema.parse(payload);
    const [insert, values] = insertInto(revocations, {
      device,
      voidUntil: recordedAt + MARGIN_MS,
      account,
      revokedAt: recordedAt,
      revokedBy: revokerSchema.parse(metadata.device),
      reason: personal === null ? null : reasoned.parse(personal).reason,
    });
    // A later revocation always moves `void_until` forward: credentials that were granted after the previous revocation are dated
    // after its `void_until`, even if the clock was set back.
    await sql.run(
      `${insert}
        ON CONFLICT (device) DO UPDATE SET
          account = excluded.account, revoked_at = excluded.revoked_at, revoked_by = excluded.revoked_by,
          reason = excluded.reason,
          void_until = CASE
            WHEN excluded.void_until > revocations.void_until + ${SECOND_MS} THEN excluded.void_until
            ELSE revocations.void_until + ${SECOND_MS} END`,
      values,
    );
  },
};

/** Times are in milliseconds since the epoch. Every answer reflects all committed events. */
export interface RevocationList {
  /** The devices whose `voidUntil` is `time` or later, each with its `voidUntil`. */
  since(time: number): Promise<Revocations>;
  /** The earliest issue date of valid credentials for the device. */
  earliestGrant(device: DeviceId): Promise<number>;
  /** The last revocation of the device; null if there was none. */
  lastOf(device: DeviceId): Promise<RevocationRow | null>;
}

const SELECT = selectFrom(revocations);

export function createRevocationList(reads: ReadSql): RevocationList {
  return {
    async since(time) {
      const rows = await reads.all(`${SELECT} WHERE void_until >= ?`, [time]);
      return new Map(
        rows.map((one) => revocations.row.parse(one)).map(({ device, voidUntil }) => [device, voidUntil]),
      );
    },
    async earliestGrant(device) {
      const [found] = await reads.all(`${SELECT} WHERE device = ?`, [device]);
      return found === undefined ? 0 : revocations.row.parse(found).voidUntil + SECOND_MS;
    },
    async lastOf(device) {
      const [found] = await reads.all(`${SELECT} WHERE device = ?`, [device]);
      return found === undefined ? null : revocations.row.parse(found);
    },
  };
}
