// The topic of a room, and whether it needs an invitation.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const columns = [
  new TableColumn({ name: 'topic', type: 'text', default: "''" }),
  new TableColumn({ name: 'is_private', type: 'boolean', default: 'FALSE' }),
];

export class Topics1767225620000 implements MigrationInterface {
  readonly name = 'Topics1767225620000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('rooms', columns);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumns('rooms', columns);
  }
}
