// Counts for each own message the accounts that refused it, so that a message that nobody will take any more has a final state.
// A message without recipients has a row too.
import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';

const refused = new TableColumn({ name: 'refused', type: 'integer', default: 0 });

// A recipient that neither acknowledged a message nor waits for it has refused it.
const COUNT_REFUSALS = `
  WITH waiting AS (SELECT position, COUNT(*) AS accounts FROM outbox GROUP BY position)
  UPDATE posts SET refused = "of" - acked
    - IFNULL((SELECT accounts FROM waiting WHERE waiting.position = posts.position), 0)
  WHERE acked < "of"`;

// Adds a row for each own message without recipients. Only this profile's own devices have counters.
const ADD_LONELY = `
  INSERT INTO posts (position, acked, "of", refused) SELECT position, 0, 0, 0 FROM messages
  WHERE device IN (SELECT device FROM counters) AND position NOT IN (SELECT position FROM posts)`;

export class Refusals1767225720000 implements MigrationInterface {
  readonly name = 'Refusals1767225720000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumn('posts', refused);
    await runner.query(COUNT_REFUSALS);
    await runner.query(ADD_LONELY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM posts WHERE "of" = 0');
    await runner.dropColumn('posts', 'refused');
  }
}
