// The state of the user's attention: unread messages, the last message read in each conversation, and muted conversations.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (name: string) => ({ name, type: 'text' });
const key = (name: string) => ({ name, type: 'text', isPrimary: true });

const tables = [
  new Table({
    name: 'unread',
    columns: [key('message_id'), text('conversation'), { name: 'is_mention', type: 'boolean' }],
    indices: [{ name: 'unread_conversation', columnNames: ['conversation'] }],
  }),
  new Table({ name: 'reads', columns: [key('conversation'), text('hlc')] }),
  new Table({
    name: 'mutes',
    columns: [
      key('conversation'),
      key('account'),
      text('level'),
      { name: 'until', type: 'integer', isNullable: true },
    ],
  }),
  new Table({ name: 'preferences', columns: [key('name'), { name: 'is_on', type: 'boolean' }] }),
];

export class Attention1767225630000 implements MigrationInterface {
  readonly name = 'Attention1767225630000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
  }
}
