// Whether an account is disabled, since which event, and why. Before this migration no account could be disabled.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const columns = [
  new TableColumn({ name: 'disabled_position', type: 'bigint', isNullable: true }),
  new TableColumn({ name: 'disabled_reason', type: 'text', isNullable: true }),
];

export class Disabled1767225660000 implements MigrationInterface {
  readonly name = 'Disabled1767225660000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('accounts', columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('accounts', columns);
  }
}
