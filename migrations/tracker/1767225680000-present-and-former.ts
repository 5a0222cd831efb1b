// Indexes for the present members of a room, the present rooms of an account, and rooms by name. Ended memberships and
// closed rooms have separate indexes or none, so they do not slow down the queries for present members and open rooms.
import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const before = {
  memberships: [
    new TableIndex({ name: 'memberships_room_left', columnNames: ['room', 'left_version'] }),
    new TableIndex({ name: 'memberships_account_left', columnNames: ['account', 'left_version'] }),
  ],
  rooms: [new TableIndex({ name: 'rooms_folded', columnNames: ['folded'] })],
};

// The indexes of present memberships end with a column that is null in every row, so that counting need not read the
// rows.
const after = {
  memberships: [
    new TableIndex({
      name: 'memberships_of_room',
      columnNames: ['room', 'joined_version', 'left_version'],
      where: 'left_version IS NULL',
    }),
    new TableIndex({
      name: 'memberships_of_account',
      columnNames: ['account', 'room', 'left_version'],
      where: 'left_version IS NULL',
    }),
    new TableIndex({
      name: 'memberships_ended',
      columnNames: ['room', 'left_version'],
      where: 'left_version IS NOT NULL',
    }),
    new TableIndex({
      name: 'memberships_stays',
      columnNames: ['account', 'room', 'joined_version'],
    }),
  ],
  rooms: [new TableIndex({ name: 'rooms_open', columnNames: ['folded'], where: 'is_open = TRUE' })],
};

export class PresentAndFormer1767225680000 implements MigrationInterface {
  readonly name = 'PresentAndFormer1767225680000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['memberships', 'rooms'] as const) {
      await runner.dropIndices(table, before[table]);
      await runner.createIndices(table, after[table]);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['memberships', 'rooms'] as const) {
      await runner.dropIndices(table, after[table]);
      await runner.createIndices(table, before[table]);
    }
  }
}
