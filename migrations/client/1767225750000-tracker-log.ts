// The identity of the tracker's log to which the rooms and stream positions belong.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const trackerLog = new Table({
  name: 'tracker_log',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true },
    { name: 'identity', type: 'text' },
  ],
});

export class TrackerLog1767225750000 implements MigrationInterface {
  readonly name = 'TrackerLog1767225750000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(trackerLog);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(trackerLog);
  }
}
