// When each device was first introduced, which key signed the introduction, and when the user compared its safety code.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const columns = [
  new TableColumn({ name: 'introduced_at', type: 'integer', default: 0 }),
  new TableColumn({ name: 'introduced_by', type: 'text', default: "''" }),
  new TableColumn({ name: 'verified_at', type: 'integer', isNullable: true }),
];

export class Pins1767225661000 implements MigrationInterface {
  readonly name = 'Pins1767225661000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('devices', columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('devices', columns);
  }
}
