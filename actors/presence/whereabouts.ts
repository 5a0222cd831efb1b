// Where devices say they can be reached. Not an event: it is gone with the next announcement and proves nothing.
import { type DataSource, In } from 'typeorm';
import { z } from 'zod';
import type { Writer } from '../../core/events/writer.js';
import type { DeviceId } from '../../core/ids.js';
import { type Address, addressSchema } from '../../core/protocol/envelope.js';
import { whereaboutsTable } from '../projections/tables.js';

const addressesSchema = z.array(addressSchema);

export interface Whereabouts {
  /** Replaces what was announced before; the likeliest address first. */
  announce(device: DeviceId, addresses: readonly Address[]): Promise<void>;
  /** What each of the devices announced last; a device that never did is absent. */
  of(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, readonly Address[]>>;
}

export function createWhereabouts(reader: DataSource, writer: Writer): Whereabouts {
  const upsert = `INSERT INTO whereabouts (device, addresses) VALUES (?, ?)
    ON CONFLICT (device) DO UPDATE SET addresses = excluded.addresses`;
  return {
    announce: (device, addresses) =>
      writer.write(async (sql) => void (await sql.run(upsert, [device, JSON.stringify(addresses)]))),
    async of(devices) {
      const rows = await reader.getRepository(whereaboutsTable).findBy({ device: In([...devices]) });
      return new Map(
        rows.map(({ device, addresses }) => [device, addressesSchema.parse(JSON.parse(addresses))]),
      );
    },
  };
}
