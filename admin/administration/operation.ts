// One command of the operator, sent through the machines to the log of a home, or decided as a dry run that changes no file. A running
// tracker follows the log and carries out what follows.
import { randomBytes } from 'node:crypto';
import type { AccountCommand } from '../../actors/account/commands.js';
import { createOperatorHost, type TrackerHost } from '../../actors/host.js';
import type { IntegrationCommand } from '../../actors/integration/commands.js';
import { operatorMetadata } from '../../actors/operator.js';
import { trackerProjections } from '../../actors/projections/derived.js';
import { createDirectory, type Directory } from '../../actors/projections/directory.js';
import { trackerTables } from '../../actors/projections/tables.js';
import type { RoomCommand } from '../../actors/room/commands.js';
import type { Outcome } from '../../core/actor/request.js';
import { invariant, OperatorError } from '../../core/errors.js';
import { StoreUnavailableError } from '../../core/events/errors.js';
import type { RecordedEvent } from '../../core/events/event.js';
import { type DatabaseOptions, openDatabase } from '../../core/events/sql/database.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { createWriter } from '../../core/events/sql/writer.js';
import type { EventStore } from '../../core/events/store.js';
import type { Ids } from '../../core/ids.js';
import type { Clock } from '../../core/time/clock.js';
import type { AdminHome } from '../home.js';
import { createDryRunStore } from './dry-run-store.js';

export interface OperatorParts {
  readonly home: Pick<AdminHome, 'file' | 'reader' | 'signHead'>;
  /** The migrations that the database has had. */
  readonly migrations: DatabaseOptions['migrations'];
  readonly clock: Clock;
  readonly ids: Ids;
}

export type Operation =
  | { readonly kind: 'account'; readonly id: string; readonly command: AccountCommand }
  | { readonly kind: 'room'; readonly id: string; readonly command: RoomCommand }
  | { readonly kind: 'integration'; readonly id: string; readonly command: IntegrationCommand };

export interface Operator {
  readonly directory: Directory;
  /** Sends the command of an operation. Resolves when the events are on the disk, or at once in a dry run. */
  decide(operation: Operation): Promise<Decision>;
}

export type Decision =
  /** The events in order; empty if nothing had to change. */
  | { readonly kind: 'recorded'; readonly events: readonly RecordedEvent[] }
  | Extract<Outcome, { readonly kind: 'refused' }>;

/** The size of the salt for the digest of a reason: 128 bits. */
const SALT_BYTES = 16;
const newSalt = (): string => randomBytes(SALT_BYTES).toString('base64url');

/**
 * Runs `work` on the home. Throws an `OperatorError` if the database cannot be written. With `isDryRun`, decisions are not recorded
 * and no file of the home changes.
 */
export async function asOperator<T>(
  parts: OperatorParts,
  isDryRun: boolean,
  work: (operator: Operator) => Promise<T>,
): Promise<T> {
  const { home, migrations, clock } = parts;
  if (isDryRun) {
    const store = createDryRunStore({ reads: home.reader, clock, newSalt });
    return work(operatorOver(parts, home.reader, store));
  }
  const database = await openDatabase({ file: home.file, migrations, tables: trackerTables });
  try {
    const store = createSqlStore({
      reads: database.reads,
      writer: createWriter({ connection: database.writeConnection, signHead: home.signHead }),
      clock,
      newSalt,
      projections: trackerProjections,
    });
    return await work(operatorOver(parts, database.reads, store));
  } catch (thrown) {
    throw thrown instanceof StoreUnavailableError ? busy(home.file, thrown) : thrown;
  } finally {
    await database.close();
  }
}

function operatorOver({ home, clock, ids }: OperatorParts, reads: ReadSql, store: EventStore): Operator {
  const host = createOperatorHost({ store, clock });
  return {
    directory: createDirectory(reads),
    async decide(operation) {
      const metadata = operatorMetadata(ids);
      const outcome = await send(host, operation, metadata);
      if (outcome.kind === 'busy') throw busy(home.file);
      invariant(outcome.kind !== 'repeated', 'a command without a receipt is not repeated');
      return outcome.kind === 'done' ? { kind: 'recorded', events: outcome.events } : outcome;
    },
  };
}

/** One call for each kind: the type of `send` connects a kind with its commands. */
function send(
  host: TrackerHost,
  operation: Operation,
  metadata: ReturnType<typeof operatorMetadata>,
): Promise<Outcome> {
  switch (operation.kind) {
    case 'account':
      return host.send({ ...operation, metadata });
    case 'room':
      return host.send({ ...operation, metadata });
    case 'integration':
      return host.send({ ...operation, metadata });
  }
}

const busy = (file: string, cause?: unknown): OperatorError =>
  new OperatorError(
    `nothing was changed: the database ${file} could not be written to`,
    'Try again in a moment. If that does not help, run `partyline doctor`.',
    { cause },
  );
