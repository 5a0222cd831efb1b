// Refers to queued and unread messages by their place in the history, not by their id. Ids are random, so each new row
// would be written to a different page of the file.
import { type MigrationInterface, type QueryRunner, Table, TableIndex } from 'typeorm';

const text = (name: string) => ({ name, type: 'text' });
const key = (name: string, type = 'text') => ({ name, type, isPrimary: true });
const count = (name: string) => ({ name, type: 'integer' });
const flag = (name: string) => ({ name, type: 'boolean' });

const [posts, outbox, withdrawn, unread] = [
  // The user's own messages to others: how many accounts have received each, and how many should.
  new Table({ name: 'posts', columns: [key('position', 'integer'), count('acked'), count('of')] }),
  new Table({ name: 'outbox', columns: [key('account'), key('position', 'integer')], withoutRowid: true }),
  new Table({ name: 'withdrawn', columns: [key('position', 'integer'), key('account')], withoutRowid: true }),
  new Table({
    name: 'unread',
    columns: [key('conversation'), key('position', 'integer'), flag('is_mention')],
    withoutRowid: true,
  }),
];
const byNumber = new TableIndex({
  name: 'messages_number',
  columnNames: ['conversation', 'device', 'seq'],
  isUnique: true,
});

const formerOutbox = new Table({
  name: 'outbox',
  columns: [key('message_id'), key('account'), text('state')],
  indices: [{ name: 'outbox_account_state', columnNames: ['account', 'state'] }],
});
const formerUnread = new Table({
  name: 'unread',
  columns: [key('message_id'), text('conversation'), flag('is_mention')],
  indices: [{ name: 'unread_conversation', columnNames: ['conversation'] }],
});
const byId = new TableIndex({ name: 'messages_id', columnNames: ['id'], isUnique: true });
const byVersion = new TableIndex({
  name: 'messages_device',
  columnNames: ['conversation', 'device', 'roster', 'seq'],
});

// Groups the ids of a thousand messages, so that new messages are written to few pages.
const BY_ID_IN_PARTS = 'CREATE INDEX "messages_id" ON "messages" ("position" / 1000, "id")';

export class Places1767225700000 implements MigrationInterface {
  readonly name = 'Places1767225700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox RENAME TO former_outbox');
    await runner.query('ALTER TABLE unread RENAME TO former_unread');
    for (const table of [posts, outbox, withdrawn, unread]) await runner.createTable(table);
    const entries = 'FROM former_outbox entry JOIN messages message ON message.id = entry.message_id';
    await runner.query(
      `INSERT INTO posts (position, acked, "of")
       SELECT message.position, SUM(entry.state = 'delivered'), SUM(entry.state <> 'withdrawn') ${entries}
       GROUP BY message.position`,
    );
    await runner.query(
      `INSERT INTO outbox (account, position)
       SELECT entry.account, message.position ${entries} WHERE entry.state = 'queued'`,
    );
    await runner.query(
      `INSERT INTO withdrawn (position, account)
       SELECT message.position, entry.account ${entries} WHERE entry.state = 'withdrawn'`,
    );
    await runner.query(
      `INSERT INTO unread (conversation, position, is_mention)
       SELECT entry.conversation, message.position, entry.is_mention
       FROM former_unread entry JOIN messages message ON message.id = entry.message_id`,
    );
    for (const former of ['former_outbox', 'former_unread']) await runner.dropTable(former);
    await runner.dropIndices('messages', [byId, byVersion]);
    await runner.createIndex('messages', byNumber);
    await runner.query(BY_ID_IN_PARTS);
  }

  /** The accounts that have received a message are no longer known, so older messages lose their delivery counts. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX messages_id');
    await runner.dropIndex('messages', byNumber);
    await runner.createIndices('messages', [byId, byVersion]);
    await runner.query('ALTER TABLE outbox RENAME TO later_outbox');
    await runner.query('ALTER TABLE unread RENAME TO later_unread');
    for (const table of [formerOutbox, formerUnread]) await runner.createTable(table);
    for (const [table, state] of [
      ['later_outbox', 'queued'],
      ['withdrawn', 'withdrawn'],
    ]) {
      await runner.query(
        `INSERT INTO outbox (message_id, account, state) SELECT message.id, entry.account, '${state}'
         FROM ${table} entry JOIN messages message ON message.position = entry.position`,
      );
    }
    await runner.query(
      `INSERT INTO unread (message_id, conversation, is_mention)
       SELECT message.id, entry.conversation, entry.is_mention
       FROM later_unread entry JOIN messages message ON message.position = entry.position`,
    );
    for (const later of ['posts', 'later_outbox', 'withdrawn', 'later_unread']) await runner.dropTable(later);
  }
}
