// The newest verified checkpoint of each log of the tracker, with the fault that was found in the log.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const checkpoints = new Table({
  name: 'checkpoints',
  columns: [
    { name: 'origin', type: 'text', isPrimary: true },
    { name: 'note', type: 'text' },
    { name: 'log', type: 'text' },
    { name: 'fault', type: 'text', isNullable: true },
    { name: 'at', type: 'integer' },
  ],
});

export class Checkpoints1767225760000 implements MigrationInterface {
  readonly name = 'Checkpoints1767225760000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(checkpoints);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(checkpoints);
  }
}
