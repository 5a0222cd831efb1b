// Three tables about the log: snapshots with the event that they reflect and a seal by the tracker, the streams that a
// reactor has stopped, and the identity of the log. Earlier snapshots have no seal and are dropped; the tracker makes them again from the log.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const stream = { name: 'stream', type: 'varchar', length: '200', isPrimary: true };
const version = { name: 'version', type: 'bigint' };
const position = { name: 'position', type: 'bigint' };

const formerSnapshots = [
  stream,
  { name: 'machine_version', type: 'integer' },
  version,
  { name: 'state', type: 'text' },
];

const snapshots = [
  ...formerSnapshots,
  position,
  { name: 'hash', type: 'varchar', length: '64' },
  { name: 'seal', type: 'varchar', length: '64' },
];

const stoppedStreams = [
  { name: 'follower', type: 'varchar', length: '100', isPrimary: true },
  stream,
  version,
  position,
  { name: 'reason', type: 'text' },
];

const logIdentity = [
  { name: 'id', type: 'integer', isPrimary: true },
  { name: 'identity', type: 'varchar', length: '32' },
  { name: 'since', type: 'bigint' },
];

export class LogIntegrity1767225690000 implements MigrationInterface {
  readonly name = 'LogIntegrity1767225690000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.dropTable('snapshots');
    await runner.createTable(new Table({ name: 'snapshots', columns: snapshots }));
    await runner.createTable(new Table({ name: 'stopped_streams', columns: stoppedStreams }));
    await runner.createTable(new Table({ name: 'log_identity', columns: logIdentity }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('log_identity');
    await runner.dropTable('stopped_streams');
    await runner.dropTable('snapshots');
    await runner.createTable(new Table({ name: 'snapshots', columns: formerSnapshots }));
  }
}
