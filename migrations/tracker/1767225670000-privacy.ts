// The accounts that give their addresses to contacts only, and the accepted contacts of each account.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const id = (name: string) => ({ name, type: 'varchar', length: '32', isPrimary: true });
const since = { name: 'since', type: 'bigint' };

export class Privacy1767225670000 implements MigrationInterface {
  readonly name = 'Privacy1767225670000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: 'guarded_accounts', columns: [id('account'), since] }));
    await runner.createTable(
      new Table({
        name: 'contacts',
        columns: [id('account'), id('accepted'), since],
        indices: [{ name: 'contacts_accepted', columnNames: ['accepted'] }],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('contacts');
    await runner.dropTable('guarded_accounts');
  }
}
