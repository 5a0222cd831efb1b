// The events that the operator quarantined or released. No log before this migration has any.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const columns = [
  { name: 'position', type: 'bigint', isPrimary: true },
  { name: 'stream', type: 'varchar', length: '200' },
  { name: 'version', type: 'bigint' },
  { name: 'is_quarantined', type: 'boolean' },
  { name: 'changed_by', type: 'bigint' },
  { name: 'reason', type: 'text' },
];

const indices = [{ name: 'quarantined_events_stream', columnNames: ['stream', 'changed_by'] }];

export class QuarantinedEvents1767225770000 implements MigrationInterface {
  readonly name = 'QuarantinedEvents1767225770000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: 'quarantined_events', columns, indices }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('quarantined_events');
  }
}
