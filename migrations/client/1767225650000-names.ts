// The time when each person got their name, so that an older name never replaces a newer one.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const namedAt = new TableColumn({ name: 'named_at', type: 'integer', default: 0 });

export class Names1767225650000 implements MigrationInterface {
  readonly name = 'Names1767225650000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('people', namedAt);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('people', 'named_at');
  }
}
