// The identity of the log. A restored copy gets another one, so that terminals recognise it.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const logIdentity = new Table({
  name: 'log_identity',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true },
    { name: 'identity', type: 'varchar', length: '32' },
    { name: 'since', type: 'bigint' },
  ],
});

export class LogIdentity1767225692000 implements MigrationInterface {
  readonly name = 'LogIdentity1767225692000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(logIdentity);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(logIdentity);
  }
}
