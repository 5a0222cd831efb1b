// The former logs of the tracker: which log the room version in a message belongs to, and who was in which room by each log. A
// restored tracker counts versions again, so versions of different logs cannot be compared.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const formerMemberships = new Table({
  name: 'former_memberships',
  columns: [
    { name: 'log', type: 'integer', isPrimary: true },
    { name: 'conversation', type: 'text', isPrimary: true },
    { name: 'account', type: 'text', isPrimary: true },
    { name: 'joined_version', type: 'integer', isPrimary: true },
    { name: 'left_version', type: 'integer' },
  ],
});

export class FormerLogs1767225771000 implements MigrationInterface {
  readonly name = 'FormerLogs1767225771000';

  async up(runner: QueryRunner): Promise<void> {
    // Plain SQL, because TypeORM would build the table again and cannot copy an index on an expression.
    await runner.query('ALTER TABLE messages ADD COLUMN "former_log" integer');
    await runner.query('ALTER TABLE tracker_log ADD COLUMN "number" integer NOT NULL DEFAULT 1');
    await runner.query('ALTER TABLE tracker_log ADD COLUMN "since" integer NOT NULL DEFAULT 0');
    await runner.createTable(formerMemberships);
    // Only a log from before a restore has had a later version of the room. Its members are not known any more.
    await runner.query(
      `UPDATE messages SET former_log = 0
       WHERE roster > (SELECT version FROM rooms WHERE rooms.conversation = messages.conversation)`,
    );
    await runner.query(
      `CREATE INDEX "messages_former" ON "messages" ("conversation", "device", "seq", "former_log", "roster")
       WHERE former_log IS NOT NULL AND proof IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX messages_former');
    await runner.dropTable(formerMemberships);
    await runner.query('ALTER TABLE tracker_log DROP COLUMN since');
    await runner.query('ALTER TABLE tracker_log DROP COLUMN number');
    await runner.query('ALTER TABLE messages DROP COLUMN former_log');
  }
}
