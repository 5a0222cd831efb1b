// Finding who is in a room now, in which rooms an account is, and rooms by their names, whatever there was before: stays that
// ended and rooms that closed are in indexes of their own, or in none.
import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

const before = {
  memberships: [
    new TableIndex({ name: 'memberships_room_left', columnNames: ['room', 'left_version'] }),
    new TableIndex({ name: 'memberships_account_left', columnNames: ['account', 'left_version'] }),
  ],
  rooms: [new TableIndex({ name: 'rooms_folded', columnNames: ['folded'] })],
};

// Those of the present end with what is null in all of them: to count them, the rows need not be looked at.
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
