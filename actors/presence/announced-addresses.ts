// The addresses that devices announced last, and when each device was last seen. The addresses are not stored as events: the next
// announcement replaces them, and they prove nothing.
import { z } from 'zod';
import type { Clock } from '../../core/time/clock.js';
import { inList, type ReadSql } from '../../core/events/sql/sql.js';
import { selectFrom, upsertInto } from '../../core/events/sql/table.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { DeviceId } from '../../core/ids.js';
import { type Candidate, candidateSchema } from '../../core/protocol/candidate.js';
import { whereabouts } from '../projections/non-derived-tables.js';

const addressesSchema = z.array(candidateSchema);

export interface AnnouncedAddresses {
  /** Replaces the previous announcement. The most likely address comes first. */
  announce(device: DeviceId, addresses: readonly Candidate[]): Promise<void>;
  /** Stores that the device disconnected now. Does nothing for a device that never announced addresses. */
  left(device: DeviceId): Promise<void>;
  /** The last announced addresses of each device; a device without any is absent. */
  of(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly Candidate[]>>;
}

export function createAnnouncedAddresses(reads: ReadSql, writer: Writer, clock: Clock): AnnouncedAddresses {
  const update = 'UPDATE whereabouts SET seen_at = ? WHERE device = ?';
  return {
    announce: (device, addresses) =>
      writer.write(async (sql) => {
        const announced = { device, addresses: JSON.stringify(addresses), seenAt: clock.now() };
        await sql.run(...upsertInto(whereabouts, announced));
      }),
    left: (device) => writer.write(async (sql) => void (await sql.run(update, [clock.now(), device]))),
    async of(devices) {
      if (devices.length === 0) return new Map();
      const { marks, values } = inList(devices);
      const select = `${selectFrom(whereabouts)} WHERE device IN (${marks})`;
      const rows = (await reads.all(select, values)).map((found) => whereabouts.row.parse(found));
      return new Map(
        rows.map(({ device, addresses }) => [device, addressesSchema.parse(JSON.parse(addresses))]),
      );
    },
  };
}
