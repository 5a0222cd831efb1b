// The devices that the tracker named when it first introduced their account. For accounts that were introduced before this
// migration, these devices are unknown.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const named = new TableColumn({ name: 'was_named_at_first', type: 'boolean', default: 'FALSE' });

export class FirstMeetings1767225690000 implements MigrationInterface {
  readonly name = 'FirstMeetings1767225690000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('devices', named);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('devices', 'was_named_at_first');
  }
}
