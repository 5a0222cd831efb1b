// Makes the order and the age of messages independent of wrong clocks: the sort key of each message (its timestamp, unless the
// timestamp lies in the future), the arrival clock, and the list of own messages with a provisional timestamp, which becomes
// final when the tracker's time is known.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const provisional = new Table({
  name: 'provisional',
  columns: [{ name: 'position', type: 'integer', isPrimary: true }],
});
const arrivalClock = new Table({
  name: 'arrival_clock',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true },
    { name: 'arrival', type: 'integer' },
    { name: 'machine', type: 'integer' },
    { name: 'tracker', type: 'integer' },
  ],
});

export class Clocks1767225740000 implements MigrationInterface {
  readonly name = 'Clocks1767225740000';

  async up(runner: QueryRunner): Promise<void> {
    // Plain SQL, because TypeORM would build the table again and cannot copy an index on an expression.
    await runner.query(`ALTER TABLE messages ADD COLUMN "sort" text NOT NULL DEFAULT ''`);
    await runner.query('ALTER TABLE messages ADD COLUMN "arrival" integer NOT NULL DEFAULT 0');
    // `arrival` becomes the later of the two times, because either clock may have been behind. A message that is kept too long
    // does no harm.
    await runner.query('UPDATE messages SET sort = hlc, arrival = MAX(at, received_at)');
    await runner.query('DROP INDEX messages_order');
    await runner.query(
      'CREATE INDEX "messages_order" ON "messages" ("conversation", "sort", "device", "seq")',
    );
    await runner.createTable(provisional);
    await runner.createTable(arrivalClock);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(arrivalClock);
    await runner.dropTable(provisional);
    await runner.query('DROP INDEX messages_order');
    await runner.query('ALTER TABLE messages DROP COLUMN arrival');
    await runner.query('ALTER TABLE messages DROP COLUMN sort');
    await runner.query(
      'CREATE INDEX "messages_order" ON "messages" ("conversation", "hlc", "device", "seq")',
    );
  }
}
