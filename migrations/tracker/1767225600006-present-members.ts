// Indexes for the present members of a room and the present rooms of an account. Their speed does not depend on the
// number of ended memberships.
import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const ofRoom = new TableIndex({ name: 'memberships_room_left', columnNames: ['room', 'left_version'] });
const ofAccount = new TableIndex({
  name: 'memberships_account_left',
  columnNames: ['account', 'left_version'],
});
const before = new TableIndex({ name: 'memberships_account', columnNames: ['account'] });

export class PresentMembers1767225600006 implements MigrationInterface {
  readonly name = 'PresentMembers1767225600006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.dropIndex('memberships', before);
    await runner.createIndices('memberships', [ofRoom, ofAccount]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndices('memberships', [ofRoom, ofAccount]);
    await runner.createIndex('memberships', before);
  }
}
