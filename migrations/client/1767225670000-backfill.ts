// What a terminal needs to pass messages on: proofs of who said them, who owns a device, and which numbers it has had.
import { type MigrationInterface, type QueryRunner, Table, TableColumn, TableIndex } from 'typeorm';

const proof = new TableColumn({ name: 'proof', type: 'text', isNullable: true });
const enrolment = new TableColumn({ name: 'enrolment', type: 'text', isNullable: true });
// Those known so far have been introduced; from now on some are known by their enrolment alone.
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

// Numbers in a row have the same distance from their rank.
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
