// The time until which a device's credentials are void, derived from the account events, including earlier ones.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { z } from 'zod';

const revocations = new Table({
  name: 'revocations',
  columns: [
    { name: 'device', type: 'varchar', length: '64', isPrimary: true },
    { name: 'void_until', type: 'bigint' },
  ],
  indices: [{ name: 'revocations_void_until', columnNames: ['void_until'] }],
});

// The same value as in the projection.
const MARGIN_MS = 60_000;
const SECOND_MS = 1_000;

const rowsSchema = z.array(z.object({ payload: z.string(), at: z.coerce.number() }));
const payloadSchema = z.object({ device: z.string().regex(/^[0-9A-Z]+$/) });

export class Revocations1767225610000 implements MigrationInterface {
  readonly name = 'Revocations1767225610000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(revocations);
    const found: unknown = await runner.query(
      "SELECT payload, recorded_at AS at FROM events WHERE type = 'DeviceRevoked' ORDER BY position",
    );
    const voidUntil = new Map<string, number>();
    for (const { payload, at } of rowsSchema.parse(found)) {
      const { device } = payloadSchema.parse(JSON.parse(payload));
      voidUntil.set(device, Math.max(at + MARGIN_MS, (voidUntil.get(device) ?? 0) + SECOND_MS));
    }
    for (const [device, time] of voidUntil) {
      // Plain SQL, because a query builder would use the columns of today's entity.
      await runner.query(`INSERT INTO revocations (device, void_until) VALUES ('${device}', ${time})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(revocations);
  }
}
