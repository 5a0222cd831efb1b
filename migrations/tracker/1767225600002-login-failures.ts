// Login failures by name and origin, stored whether or not an account has the name. They are counters, which are state
// and never events.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (length: number) => ({ type: 'varchar', length: String(length) });

const table = new Table({
  name: 'login_failures',
  columns: [
    { name: 'name', ...text(64), isPrimary: true },
    { name: 'origin', ...text(64), isPrimary: true },
    { name: 'failures', type: 'integer' },
    { name: 'failed_at', type: 'bigint' },
    { name: 'account', ...text(32), isNullable: true },
  ],
  indices: [{ name: 'login_failures_account', columnNames: ['account'] }],
});

export class LoginFailures1767225600002 implements MigrationInterface {
  readonly name = 'LoginFailures1767225600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(table);
  }
}
