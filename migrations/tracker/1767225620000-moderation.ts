// Moderation: private rooms, bans, invitations, successors, and rooms without an active admin.
import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';

const text = (length: number) => ({ type: 'varchar', length: String(length) });

const ofRooms = [
  new TableColumn({ name: 'is_private', type: 'boolean', default: 'FALSE' }),
  new TableColumn({ name: 'successor', ...text(32), isNullable: true }),
  new TableColumn({ name: 'is_attended', type: 'boolean', default: 'TRUE' }),
  new TableColumn({ name: 'deadline', type: 'bigint', isNullable: true }),
];

/** The room version at which the member became admin. */
const adminVersion = new TableColumn({ name: 'admin_version', type: 'bigint', isNullable: true });

const perAccount = (name: string, columns: Table['columns']): Table =>
  new Table({
    name,
    columns: [
      new TableColumn({ name: 'room', ...text(64), isPrimary: true }),
      new TableColumn({ name: 'account', ...text(32), isPrimary: true }),
      ...columns,
    ],
  });

const bans = perAccount('bans', [new TableColumn({ name: 'banned_at', type: 'bigint' })]);
const invitations = perAccount('invitations', [new TableColumn({ name: 'version', type: 'bigint' })]);
invitations.indices = new Table({
  name: 'invitations',
  indices: [{ name: 'invitations_account', columnNames: ['account'] }],
}).indices;

export class Moderation1767225620000 implements MigrationInterface {
  readonly name = 'Moderation1767225620000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns('rooms', ofRooms);
    await runner.addColumn('memberships', adminVersion);
    // Before this migration, members became admins only by creating the room or by succession.
    await runner.query(
      'UPDATE memberships SET admin_version = 1 WHERE is_admin = TRUE AND joined_version = 1',
    );
    await runner.query(
      `UPDATE memberships SET admin_version = (
         SELECT MAX(version) FROM events WHERE stream = room AND type = 'AdminSucceeded'
           AND version > joined_version AND (left_version IS NULL OR version < left_version)
           AND payload LIKE '%"account":"' || account || '"%')
       WHERE is_admin = TRUE AND admin_version IS NULL`,
    );
    await runner.createTable(bans);
    await runner.createTable(invitations);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(invitations);
    await runner.dropTable(bans);
    await runner.dropColumn('memberships', adminVersion);
    await runner.dropColumns('rooms', ofRooms);
  }
}
