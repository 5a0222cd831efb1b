// The names of devices, the time each was last connected, and who revoked each. The revoking account is derived from
// earlier events.
import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';
import { z } from 'zod';

const text = (length: number) => ({ type: 'varchar', length: String(length) });

const deviceName = (isNullable: boolean) => new TableColumn({ name: 'name', ...text(64), isNullable });
const seenAt = new TableColumn({ name: 'seen_at', type: 'bigint', isNullable: true });

const revocations = (columns: readonly TableColumn[]) =>
  new Table({
    name: 'revocations',
    columns: [
      new TableColumn({ name: 'device', ...text(64), isPrimary: true }),
      new TableColumn({ name: 'void_until', type: 'bigint' }),
      ...columns,
    ],
    indices: [{ name: 'revocations_void_until', columnNames: ['void_until'] }],
  });

const details = [
  new TableColumn({ name: 'account', ...text(32) }),
  new TableColumn({ name: 'revoked_at', type: 'bigint' }),
  new TableColumn({ name: 'revoked_by', ...text(64), isNullable: true }),
];

// The same value as in the projection.
const MARGIN_MS = 60_000;
const SECOND_MS = 1_000;

const rowsSchema = z.array(z.object({ payload: z.string(), metadata: z.string(), at: z.coerce.number() }));
const idSchema = z.string().regex(/^[0-9A-Z]+$/);
const payloadSchema = z.object({ account: idSchema, device: idSchema });
const metadataSchema = z.object({ device: idSchema.nullable() });

interface Revocation extends z.infer<typeof payloadSchema> {
  readonly voidUntil: number;
  readonly at: number;
  readonly revokedBy: string | null;
}

export class Devices1767225651000 implements MigrationInterface {
  readonly name = 'Devices1767225651000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('devices', deviceName(true));
    await runner.query("UPDATE devices SET name = 'terminal'");
    await runner.changeColumn('devices', 'name', deviceName(false));
    await runner.addColumn('whereabouts', seenAt);
    await runner.dropTable('revocations');
    await runner.createTable(revocations(details));
    const found: unknown = await runner.query(
      "SELECT payload, metadata, recorded_at AS at FROM events WHERE type = 'DeviceRevoked' ORDER BY position",
    );
    const rows = new Map<string, Revocation>();
    for (const { payload, metadata, at } of rowsSchema.parse(found)) {
      const { account, device } = payloadSchema.parse(JSON.parse(payload));
      const { device: revokedBy } = metadataSchema.parse(JSON.parse(metadata));
      const voidUntil = Math.max(at + MARGIN_MS, (rows.get(device)?.voidUntil ?? 0) + SECOND_MS);
      rows.set(device, { device, voidUntil, account, at, revokedBy });
    }
    // Plain SQL, because a query builder would use the columns of today's entity.
    for (const row of rows.values()) {
      const revokedBy = row.revokedBy === null ? 'NULL' : `'${row.revokedBy}'`;
      await runner.query(
        `INSERT INTO revocations (device, void_until, account, revoked_at, revoked_by)
         VALUES ('${row.device}', ${row.voidUntil}, '${row.account}', ${row.at}, ${revokedBy})`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('revocations', details);
    await runner.dropColumn('whereabouts', 'seen_at');
    await runner.dropColumn('devices', 'name');
  }
}
