// The streams that a reactor has stopped at an event that it could not handle.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const stoppedStreams = new Table({
  name: 'stopped_streams',
  columns: [
    { name: 'follower', type: 'varchar', length: '100', isPrimary: true },
    { name: 'stream', type: 'varchar', length: '200', isPrimary: true },
    { name: 'version', type: 'bigint' },
    { name: 'position', type: 'bigint' },
    { name: 'reason', type: 'text' },
  ],
});

export class StoppedStreams1767225691000 implements MigrationInterface {
  readonly name = 'StoppedStreams1767225691000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(stoppedStreams);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(stoppedStreams);
  }
}
