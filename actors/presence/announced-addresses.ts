// The addresses that devices announced last, and when each device was last seen. They are no events: the next announcement
// replaces them, and they prove nothing.
import { z } from 'zod';
import type { Clock } from '../../core/time/clock.js';
import { inList, type ReadSql } from '../../core/events/sql/sql.js';
import type { Writer } from '../../core/events/sql/writer.js';
import { type DeviceId, deviceIdSchema } from '../../core/ids.js';
import { type Candidate, candidateSchema } from '../../core/protocol/candidate.js';

const addressesSchema = z.array(candidateSchema);
const row = z.object({ device: deviceIdSchema, addresses: z.string() });

export interface AnnouncedAddresses {
  /** Replaces the previous announcement. The most likely address comes first. */
  announce(device: DeviceId, addresses: readonly Candidate[]): Promise<void>;
  /** Stores that the device disconnected now. Does nothing for a device that never announced addresses. */
  left(device: DeviceId): Promise<void>;
  /** The last announced addresses of each device; a device without any is absent. */
  of(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly Candidate[]>>;
}

export function createAnnouncedAddresses(reads: ReadSql, writer: Writer, clock: Clock): AnnouncedAddresses {
  const upsert = `INSERT INTO whereabouts (device, addresses, seen_at) VALUES (?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET addresses = excluded.addresses, seen_at = excluded.seen_at`;
  const update = 'UPDATE whereabouts SET seen_at = ? WHERE device = ?';
  return {
    announce: (device, addresses) =>
      writer.write(
        async (sql) => void (await sql.run(upsert, [device, JSON.stringify(addresses), clock.now()])),
      ),
    left: (device) => writer.write(async (sql) => void (await sql.run(update, [clock.now(), device]))),
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
