// The place up to which a program has handled messages and notices, the notices that it has not handled, and the hop counts of
// provisional messages.
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = [
  `"handled" ("id" integer PRIMARY KEY NOT NULL, "message" integer NOT NULL, "notice" integer NOT NULL)`,
  `"unhandled_notices" ("number" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "after" integer NOT NULL, "content" text NOT NULL)`,
];

export class Unhandled1767225780000 implements MigrationInterface {
  readonly name = 'Unhandled1767225780000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE "provisional" ADD COLUMN "hops" integer NOT NULL DEFAULT (0)');
    for (const table of tables) await runner.query(`CREATE TABLE ${table}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['unhandled_notices', 'handled']) await runner.query(`DROP TABLE ${name}`);
    await runner.query('ALTER TABLE "provisional" DROP COLUMN "hops"');
  }
}
