// The command `partyline admin redact`: one transaction removes personal parts from the log, from the tables and from all other rows
// that have them, and records who did it and why. Then the database file is written again, so that no free page keeps them.
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AccountCommand } from '../../actors/account/commands.js';
import { createOperatorHost, type TrackerHost } from '../../actors/host.js';
import { operatorMetadata } from '../../actors/operator.js';
import { redactRows } from '../../actors/projections/redaction.js';
import { trackerProjections } from '../../actors/projections/derived.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { invariant, OperatorError } from '../../core/errors.js';
import { type Database, openDatabase } from '../../core/events/sql/database.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { createWriter, type Writer } from '../../core/events/sql/writer.js';
import { homeHolder, lockHome } from '../../core/home.js';
import { accountIdSchema } from '../../core/ids.js';
import type { OperatorParts } from '../administration/operation.js';
import { accountOf, hasTextOf, planRedaction, type RedactionPlan, type RedactionSubject } from './plan.js';
import { type RowsRemoved, removeRows } from './rows.js';
import { writerWithin } from '../administration/writer-within.js';

export interface RedactionRequest {
  readonly subject: RedactionSubject;
  /** Stored with the event. */
  readonly reason: string;
  /** The operator who asks for it. */
  readonly by: string;
}

export interface Redacted {
  readonly plan: RedactionPlan;
  /** The events that record the redaction. */
  readonly recorded: number;
  readonly rows: RowsRemoved;
}

type Metadata = ReturnType<typeof operatorMetadata>;

/** The maximum number of positions in one recorded event, because an event must fit into a message of the broker. */
const POSITIONS_OF_EVENT = 500;
const SALT_BYTES = 16;
const newSalt = (): string => randomBytes(SALT_BYTES).toString('base64url');

export interface RedactionParts extends OperatorParts {
  /** Replaces the connection of the database; for specs. */
  readonly watch?: (database: Database) => Database;
}

/**
 * Redacts in the database of a home whose tracker does not run. Throws an `OperatorError` and changes nothing if a tracker runs,
 * if there is nothing to remove, or if the reason contains a text to remove. If the process ends early, the database has either
 * all changes or none. Free pages of its file may then still contain removed texts, until the command runs again.
 */
export async function redact(parts: RedactionParts, request: RedactionRequest): Promise<Redacted> {
  const { home, migrations, watch = (database) => database } = parts;
  const folder = dirname(home.file);
  const holder = await homeHolder(folder);
  if (holder !== undefined) throw running(folder, holder);
  const lock = await lockHome(folder);
  try {
    const database = watch(await openDatabase({ file: home.file, migrations, tables: trackerTables }));
    try {
      const { writeConnection } = database;
      // Deleted texts are overwritten within their pages.
      await writeConnection.all('PRAGMA secure_delete = ON');
      const writer = createWriter({ connection: writeConnection, signHead: home.signHead });
      const done = await writer.extend(async (sql, head) => {
        const within = writerWithin(sql, head);
        const value = await redactWithin(parts, request, sql, within.writer);
        return { kind: 'keep', value, head: within.head() };
      });
      await writer.drain();
      await compact(database, home.file);
      return done;
    } finally {
      await database.close();
    }
  } finally {
    await lock.release();
  }
}

/** Writes the database file again without free pages and empties its write-ahead log, so neither keeps removed texts. */
async function compact({ writeConnection }: Database, file: string): Promise<void> {
  await writeConnection.run('VACUUM');
  const [row] = await writeConnection.all('PRAGMA wal_checkpoint(TRUNCATE)');
  if (z.object({ busy: z.number() }).parse(row).busy === 0) return;
  throw new OperatorError(
    `the redaction is done, but the file ${file}-wal still has the removed texts, because another program reads the database`,
    'End the other program, such as `partyline admin log --follow`, and run the command again.',
  );
}

async function redactWithin(
  { clock, ids }: OperatorParts,
  { subject, reason, by }: RedactionRequest,
  sql: Sql,
  writer: Writer,
): Promise<Redacted> {
  const plan = await planRedaction(sql, subject);
  refuseTextsIn(plan, reason, by);
  const store = createSqlStore({ reads: sql, writer, clock, newSalt, projections: trackerProjections });
  const host = createOperatorHost({ store, clock });
  const tell = (command: AccountCommand): Promise<number> => send(host, command, operatorMetadata(ids));
  if (subject.kind === 'account') {
    const account = accountIdSchema.parse(subject.account);
    await tell({ type: 'DisableAccount', account, personal: { reason: '' } });
  }
  const quarantines = await readQuarantines(sql);
  for (const event of plan.events) {
    await sql.run('UPDATE events SET personal = NULL, salt = NULL WHERE position = ?', [event.position]);
    // The tables do not reflect a quarantined event.
    if (!quarantines.has(event.position)) await redactRows(event, sql);
  }
  const rows = await removeRows(sql, plan, subject.kind === 'account' ? subject.account : null);
  let recorded = 0;
  for (const [account, positions] of positionsByAccount(plan, subject)) {
    for (let from = 0; from < positions.length; from += POSITIONS_OF_EVENT) {
      recorded += await tell({
        type: 'RecordRedaction',
        account: accountIdSchema.parse(account),
        positions: positions.slice(from, from + POSITIONS_OF_EVENT),
        isWhole: subject.kind === 'account',
        personal: { reason, by },
      });
    }
  }
  return { plan, recorded, rows };
}

function positionsByAccount(
  { events }: RedactionPlan,
  subject: RedactionSubject,
): ReadonlyMap<string, readonly number[]> {
  const byAccount = new Map<string, number[]>();
  for (const event of events) {
    const account = subject.kind === 'account' ? subject.account : accountOf(event);
    invariant(account !== null, 'the plan of single events has only events about an account');
    const positions = byAccount.get(account) ?? [];
    positions.push(event.position);
    byAccount.set(account, positions);
  }
  return byAccount;
}

/** Resolves with the number of recorded events. A command that fails undoes the whole redaction. */
async function send(host: TrackerHost, command: AccountCommand, metadata: Metadata): Promise<number> {
  const { account } = command;
  const outcome = await host.send({ kind: 'account', id: account, command, metadata });
  if (outcome.kind === 'done') return outcome.events.length;
  throw new OperatorError(
    `the log has no account ${account} that could record the redaction`,
    'Run `partyline admin verify` to find out whether the log is damaged.',
  );
}

function refuseTextsIn({ names, texts }: RedactionPlan, reason: string, by: string): void {
  const found = [reason, by].some((text) => hasTextOf(names, texts)(text));
  if (!found) return;
  throw new OperatorError(
    'the reason or the name of the operator contains a text that the redaction removes, and the log stores both',
    'Give another reason, such as the number of the request, or another name with --by.',
  );
}

const running = (folder: string, holder: number | null): OperatorError =>
  new OperatorError(
    `a tracker runs on the home ${folder}${holder === null ? '' : ` (pid ${holder})`}, and its memory contains the texts to remove`,
    'Stop the tracker, run the command, and start the tracker again. --dry-run also works while the tracker runs.',
  );
