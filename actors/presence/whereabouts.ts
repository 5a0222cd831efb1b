// Where devices say they can be reached. Not an event: it is gone with the next announcement and proves nothing.
import { z } from 'zod';
import { inList, type ReadSql } from '../../core/events/sql.js';
import type { Writer } from '../../core/events/writer.js';
import { type DeviceId, deviceIdSchema } from '../../core/ids.js';
import { type Candidate, candidateSchema } from '../../core/protocol/candidate.js';

const addressesSchema = z.array(candidateSchema);
const row = z.object({ device: deviceIdSchema, addresses: z.string() });

export interface Whereabouts {
  /** Replaces what was announced before; the likeliest address first. */
  announce(device: DeviceId, addresses: readonly Candidate[]): Promise<void>;
  /** What each of the devices announced last; a device that never did is absent. */
  of(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly Candidate[]>>;
}

export function createWhereabouts(reads: ReadSql, writer: Writer): Whereabouts {
  const upsert = `INSERT INTO whereabouts (device, addresses) VALUES (?, ?)
    ON CONFLICT (device) DO UPDATE SET addresses = excluded.addresses`;
  return {
    announce: (device, addresses) =>
      writer.write(async (sql) => void (await sql.run(upsert, [device, JSON.stringify(addresses)]))),
    async of(devices) {
      if (devices.length === 0) return new Map();
      const { marks, values } = inList(devices);
      const select = `SELECT device, addresses FROM whereabouts WHERE device IN (${marks})`;
      const rows = (await reads.all(select, values)).map((found) => row.parse(found));
      return new Map(
        rows.map(({ device, addresses }) => [device, addressesSchema.parse(JSON.parse(addresses))]),
      );
    },
  };
}
