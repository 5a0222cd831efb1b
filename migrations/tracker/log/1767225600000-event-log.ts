// The tables of the event store: the log and its head, unique names, receipts, secrets, and the checkpoint of each
// reader.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (length: number) => ({ type: 'varchar', length: String(length) });

const tables = [
  new Table({
    name: 'events',
    columns: [
      { name: 'position', type: 'bigint', isPrimary: true },
      { name: 'stream', ...text(200) },
      { name: 'version', type: 'bigint' },
      { name: 'type', ...text(100) },
      { name: 'schema_version', type: 'integer' },
      { name: 'payload', type: 'text' },
      { name: 'personal', type: 'text', isNullable: true },
      { name: 'salt', ...text(64), isNullable: true },
      { name: 'personal_digest', ...text(64), isNullable: true },
      { name: 'metadata', type: 'text' },
      { name: 'recorded_at', type: 'bigint' },
      { name: 'hash', ...text(64) },
    ],
    indices: [{ name: 'events_stream_version', columnNames: ['stream', 'version'], isUnique: true }],
  }),
  new Table({
    name: 'log_head',
    columns: [
      { name: 'id', type: 'integer', isPrimary: true },
      { name: 'position', type: 'bigint' },
      { name: 'hash', ...text(64) },
      { name: 'signature', type: 'text' },
    ],
  }),
  new Table({
    name: 'reservations',
    columns: [
      { name: 'kind', ...text(64), isPrimary: true },
      { name: 'name', ...text(200), isPrimary: true },
      { name: 'owner', ...text(200) },
      { name: 'until', type: 'bigint', isNullable: true },
    ],
    indices: [{ name: 'reservations_kind_owner', columnNames: ['kind', 'owner'] }],
  }),
  new Table({
    name: 'receipts',
    columns: [
      { name: 'scope', ...text(200), isPrimary: true },
      { name: 'command_id', ...text(64), isPrimary: true },
      { name: 'digest', ...text(128) },
      { name: 'outcome', type: 'text' },
      { name: 'recorded_at', type: 'bigint' },
    ],
    indices: [{ name: 'receipts_recorded_at', columnNames: ['recorded_at'] }],
  }),
  new Table({
    name: 'credentials',
    columns: [
      { name: 'owner', ...text(200), isPrimary: true },
      { name: 'secret', type: 'text' },
    ],
  }),
  new Table({
    name: 'checkpoints',
    columns: [
      { name: 'name', ...text(100), isPrimary: true },
      { name: 'position', type: 'bigint' },
    ],
  }),
];

export class EventLog1767225600000 implements MigrationInterface {
  readonly name = 'EventLog1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table);
    await runner.manager
      .createQueryBuilder()
      .insert()
      .into('log_head', ['id', 'position', 'hash', 'signature'])
      .values({ id: 1, position: 0, hash: '0'.repeat(64), signature: '' })
      .execute();
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
  }
}
