// The blocks between accounts.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const id = (name: string) => ({ name, type: 'varchar', length: '32', isPrimary: true });

export class Blocks1767225652000 implements MigrationInterface {
  readonly name = 'Blocks1767225652000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'blocks',
        columns: [id('account'), id('blocked'), { name: 'since', type: 'bigint' }],
        indices: [{ name: 'blocks_blocked', columnNames: ['blocked'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('blocks');
  }
}
