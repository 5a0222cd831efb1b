// Snapshots of aggregates, which make waking faster.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const snapshots = new Table({
  name: 'snapshots',
  columns: [
    { name: 'stream', type: 'varchar', length: '200', isPrimary: true },
    { name: 'machine_version', type: 'integer' },
    { name: 'version', type: 'bigint' },
    { name: 'state', type: 'text' },
  ],
});

export class Snapshots1767225600003 implements MigrationInterface {
  readonly name = 'Snapshots1767225600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(snapshots);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(snapshots);
  }
}
