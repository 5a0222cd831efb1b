// An index on the arrival time of messages. Messages expire by this time.
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Arrivals1767225750000 implements MigrationInterface {
  readonly name = 'Arrivals1767225750000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX "messages_arrival" ON "messages" ("arrival")');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX messages_arrival');
  }
}
