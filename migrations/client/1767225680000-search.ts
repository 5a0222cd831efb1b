// The search index of words in messages, which is filled in steps, and the position that the index has reached.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const indexed = new Table({
  name: 'indexed',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true },
    { name: 'position', type: 'integer' },
  ],
});

export class Search1767225680000 implements MigrationInterface {
  readonly name = 'Search1767225680000';

  async up(runner: QueryRunner): Promise<void> {
    // The text stays in its table: the index stores only the words.
    await runner.query(`CREATE VIRTUAL TABLE words USING fts5(
      text, content = 'messages', content_rowid = 'position', tokenize = 'unicode61 remove_diacritics 2')`);
    await runner.createTable(indexed);
    await runner.query('INSERT INTO indexed (id, position) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(indexed);
    await runner.query('DROP TABLE words');
  }
}
