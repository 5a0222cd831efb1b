// The unsent text that each account has typed in each conversation.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const drafts = new Table({
  name: 'drafts',
  columns: [
    { name: 'account', type: 'text', isPrimary: true },
    { name: 'conversation', type: 'text', isPrimary: true },
    { name: 'text', type: 'text' },
  ],
});

export class Drafts1767225730000 implements MigrationInterface {
  readonly name = 'Drafts1767225730000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(drafts);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(drafts);
  }
}
