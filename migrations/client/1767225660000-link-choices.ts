// The transport that the user chose for each conversation.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const choices = new Table({
  name: 'link_choices',
  columns: [
    { name: 'conversation', type: 'text', isPrimary: true },
    { name: 'choice', type: 'text' },
    { name: 'at', type: 'integer' },
  ],
});

export class LinkChoices1767225660000 implements MigrationInterface {
  readonly name = 'LinkChoices1767225660000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(choices);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(choices);
  }
}
