// The unsent text that each account has typed in each conversation, and the identity of the tracker's log to which the rooms and
// stream positions belong.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const drafts = new Table({
  name: 'drafts',
  columns: [
    { name: 'account', type: 'text', isPrimary: true },
    { name: 'conversation', type: 'text', isPrimary: true },
    { name: 'text', type: 'text' },
  ],
});

const trackerLog = new Table({
  name: 'tracker_log',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true },
    { name: 'identity', type: 'text' },
  ],
});

export class DraftsAndTrackerLog1767225730000 implements MigrationInterface {
  readonly name = 'DraftsAndTrackerLog1767225730000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(drafts);
    await runner.createTable(trackerLog);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(trackerLog);
    await runner.dropTable(drafts);
  }
}
