// The first tables of a terminal: messages, the outbox, the last used message numbers, and the known people and rooms.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const text = (name: string) => ({ name, type: 'text' });
const integer = (name: string) => ({ name, type: 'integer' });
const key = (name: string, type = 'text') => ({ name, type, isPrimary: true });

const tables = [
  new Table({
    name: 'messages',
    columns: [
      { ...key('position', 'integer'), isGenerated: true, generationStrategy: 'increment' },
      text('id'),
      text('conversation'),
      text('account'),
      text('device'),
      integer('seq'),
      text('hlc'),
      integer('roster'),
      text('text'),
      text('spans'),
      integer('at'),
      integer('received_at'),
    ],
    indices: [
      { name: 'messages_id', columnNames: ['id'], isUnique: true },
      { name: 'messages_order', columnNames: ['conversation', 'hlc', 'device', 'seq'] },
    ],
  }),
  new Table({
    name: 'outbox',
    columns: [key('message_id'), key('account'), text('state')],
    indices: [{ name: 'outbox_account_state', columnNames: ['account', 'state'] }],
  }),
  new Table({ name: 'counters', columns: [key('device'), key('conversation'), integer('last')] }),
  new Table({
    name: 'people',
    columns: [key('account'), text('username'), { name: 'is_vouched', type: 'boolean' }],
  }),
  new Table({ name: 'devices', columns: [key('device'), text('account')] }),
  new Table({ name: 'rooms', columns: [key('conversation'), text('name'), integer('version')] }),
  new Table({
    name: 'memberships',
    columns: [
      key('conversation'),
      key('account'),
      key('joined_version', 'integer'),
      { ...integer('left_version'), isNullable: true },
      { name: 'is_admin', type: 'boolean' },
      { ...text('end'), isNullable: true },
    ],
  }),
  new Table({ name: 'told', columns: [key('stream'), integer('version')] }),
  new Table({ name: 'privates', columns: [key('conversation')] }),
];

export class History1767225600000 implements MigrationInterface {
  readonly name = 'History1767225600000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.dropTable(table);
  }
}
