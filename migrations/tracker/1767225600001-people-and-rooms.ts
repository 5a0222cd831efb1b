// The tables derived from the events of accounts and rooms, the addresses of devices, and the introductions that
// accounts wait for.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (length: number) => ({ type: 'varchar', length: String(length) });

const tables = [
  new Table({
    name: 'accounts',
    columns: [
      { name: 'id', ...text(32), isPrimary: true },
      { name: 'username', ...text(64) },
      { name: 'folded', ...text(64) },
      { name: 'registered_at', type: 'bigint' },
    ],
    indices: [{ name: 'accounts_folded', columnNames: ['folded'], isUnique: true }],
  }),
  new Table({
    name: 'devices',
    columns: [
      { name: 'device', ...text(64), isPrimary: true },
      { name: 'account', ...text(32) },
      { name: 'enrolled_at', type: 'bigint' },
    ],
    indices: [{ name: 'devices_account', columnNames: ['account'] }],
  }),
  new Table({
    name: 'rooms',
    columns: [
      { name: 'id', ...text(64), isPrimary: true },
      { name: 'name', ...text(64) },
      { name: 'folded', ...text(64) },
      { name: 'topic', type: 'text' },
      { name: 'version', type: 'bigint' },
      { name: 'is_open', type: 'boolean' },
    ],
    indices: [{ name: 'rooms_folded', columnNames: ['folded'] }],
  }),
  new Table({
    name: 'memberships',
    columns: [
      { name: 'room', ...text(64), isPrimary: true },
      { name: 'joined_version', type: 'bigint', isPrimary: true },
      { name: 'account', ...text(32) },
      { name: 'left_version', type: 'bigint', isNullable: true },
      { name: 'joined_at', type: 'bigint' },
      { name: 'is_admin', type: 'boolean' },
    ],
    indices: [{ name: 'memberships_account', columnNames: ['account'] }],
  }),
  new Table({
    name: 'whereabouts',
    columns: [
      { name: 'device', ...text(64), isPrimary: true },
      { name: 'addresses', type: 'text' },
    ],
  }),
  new Table({
    name: 'waiting',
    columns: [
      { name: 'awaited', ...text(32), isPrimary: true },
      { name: 'device', ...text(64), isPrimary: true },
      { name: 'account', ...text(32) },
    ],
  }),
];

export class PeopleAndRooms1767225600001 implements MigrationInterface {
  readonly name = 'PeopleAndRooms1767225600001';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
  }
}
