// The time when an account got its name, derived from the account events.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const namedAt = (isNullable: boolean) => new TableColumn({ name: 'named_at', type: 'bigint', isNullable });

export class Names1767225650000 implements MigrationInterface {
  readonly name = 'Names1767225650000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('accounts', namedAt(true));
    // Before this migration no account could be renamed.
    await runner.query('UPDATE accounts SET named_at = registered_at');
    await runner.changeColumn('accounts', 'named_at', namedAt(false));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('accounts', 'named_at');
  }
}
