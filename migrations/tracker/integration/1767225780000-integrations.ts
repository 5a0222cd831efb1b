// The tables of integrations and of the keys of their credentials. No event before this migration concerns an integration.
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';

const integrations = new Table({
  name: 'integrations',
  columns: [
    { name: 'name', type: 'varchar', length: '32', isPrimary: true },
    { name: 'key', type: 'varchar', length: '64' },
    { name: 'scopes', type: 'text' },
    { name: 'rooms', type: 'text' },
    { name: 'from_position', type: 'bigint' },
    { name: 'granted_at', type: 'bigint' },
    { name: 'issued_at', type: 'bigint' },
    { name: 'expires_at', type: 'bigint', isNullable: true },
    { name: 'revoked_at', type: 'bigint', isNullable: true },
    { name: 'changed_position', type: 'bigint' },
  ],
});

const keys = new Table({
  name: 'integration_keys',
  columns: [
    { name: 'key', type: 'varchar', length: '64', isPrimary: true },
    { name: 'name', type: 'varchar', length: '32' },
    { name: 'issued_at', type: 'bigint' },
    { name: 'expires_at', type: 'bigint', isNullable: true },
    { name: 'void_until', type: 'bigint', isNullable: true },
  ],
  indices: [{ name: 'integration_keys_name', columnNames: ['name'] }],
});

export class Integrations1767225780000 implements MigrationInterface {
  readonly name = 'Integrations1767225780000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(integrations);
    await runner.createTable(keys);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(keys);
    await runner.dropTable(integrations);
  }
}
