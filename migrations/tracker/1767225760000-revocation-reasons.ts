// The operator's reason for the last revocation of each device. No event before this migration has one.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class RevocationReasons1767225760000 implements MigrationInterface {
  readonly name = 'RevocationReasons1767225760000';

  // Plain SQL: TypeORM would make the table again from its columns before an earlier migration replaced it.
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE revocations ADD COLUMN reason text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE revocations DROP COLUMN reason');
  }
}
