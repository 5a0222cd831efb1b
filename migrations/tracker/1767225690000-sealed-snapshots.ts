// Snapshots with the event that they reflect and a seal by the tracker. The earlier ones have no seal and are dropped; the
// tracker makes new ones from the log.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const before = [
  { name: 'stream', type: 'varchar', length: '200', isPrimary: true },
  { name: 'machine_version', type: 'integer' },
  { name: 'version', type: 'bigint' },
  { name: 'state', type: 'text' },
];

const after = [
  ...before,
  { name: 'position', type: 'bigint' },
  { name: 'hash', type: 'varchar', length: '64' },
  { name: 'seal', type: 'varchar', length: '64' },
];

export class SealedSnapshots1767225690000 implements MigrationInterface {
  readonly name = 'SealedSnapshots1767225690000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.dropTable('snapshots');
    await runner.createTable(new Table({ name: 'snapshots', columns: after }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('snapshots');
    await runner.createTable(new Table({ name: 'snapshots', columns: before }));
  }
}
