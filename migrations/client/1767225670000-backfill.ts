// The data that a terminal needs to pass messages on: proofs of authorship, the owners of devices, and the message
// numbers it has.
import { type MigrationInterface, type QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';

const proof = new TableColumn({ name: 'proof', type: 'text', isNullable: true });
const enrolment = new TableColumn({ name: 'enrolment', type: 'text', isNullable: true });
// All devices known before this migration were introduced. Later devices may be known by their enrolment only.
const introduced = new TableColumn({ name: 'is_introduced', type: 'boolean', default: 'TRUE' });
const runs = new Table({
  name: 'held',
  columns: [
    { name: 'conversation', type: 'text', isPrimary: true },
    { name: 'device', type: 'text', isPrimary: true },
    { name: 'first', type: 'integer', isPrimary: true },
    { name: 'last', type: 'integer' },
  ],
});
const byDevice = new TableIndex({
  name: 'messages_device',
  columnNames: ['conversation', 'device', 'roster', 'seq'],
});

// Stores each range of successive message numbers as one row: the numbers of a range have the same difference from their rank.
const FILL = `
  INSERT INTO held (conversation, device, first, last)
  SELECT conversation, device, MIN(seq), MAX(seq) FROM (
    SELECT conversation, device, seq,
      seq - ROW_NUMBER() OVER (PARTITION BY conversation, device ORDER BY seq) AS island FROM messages
  ) GROUP BY conversation, device, island`;

export class Backfill1767225670000 implements MigrationInterface {
  readonly name = 'Backfill1767225670000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('messages', proof);
    await runner.createIndex('messages', byDevice);
    await runner.addColumns('devices', [enrolment, introduced]);
    await runner.createTable(runs);
    await runner.query(FILL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(runs);
    await runner.dropColumns('devices', ['enrolment', 'is_introduced']);
    await runner.dropIndex('messages', byDevice);
    await runner.dropColumn('messages', 'proof');
  }
}
