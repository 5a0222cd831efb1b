// The commands `partyline admin disable` and `admin enable`, which append to the log of a home. The tracker follows the log and
// carries out the effects, at once or after its next start.
import { randomBytes } from 'node:crypto';
import type { AccountCommand } from '../actors/account/commands.js';
import { createTrackerHost } from '../actors/host.js';
import { systemMetadata } from '../actors/system-command.js';
import { trackerProjections } from '../actors/projections/derived.js';
import { createDirectory, type Directory } from '../actors/projections/directory.js';
import { trackerTables } from '../actors/projections/tables.js';
import type { Clock } from '../core/time/clock.js';
import { invariant, OperatorError } from '../core/errors.js';
import { type DatabaseOptions, openDatabase } from '../core/events/sql/database.js';
import { StoreUnavailableError } from '../core/events/errors.js';
import type { RecordedEvent } from '../core/events/event.js';
import { createSqlStore } from '../core/events/sql/store.js';
import { createWriter } from '../core/events/sql/writer.js';
import { type AccountId, accountIdSchema, type Ids } from '../core/ids.js';
import type { AdminHome } from './home.js';
import { lastPosition } from './moment.js';
import { createNames } from './subject/names.js';
import { createResolver } from './subject/resolve.js';

export interface OperatorParts {
  readonly home: Pick<AdminHome, 'file' | 'reader' | 'signHead'>;
  /** The migrations that the tracker applied to the database. */
  readonly migrations: DatabaseOptions['migrations'];
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Decided {
  readonly username: string;
  readonly events: readonly RecordedEvent[];
  readonly directory: Directory;
}

/** The size of the salt for the digest of a reason: 128 bits. */
const SALT_BYTES = 16;

/** Resolves with the result as a sentence. Throws an `OperatorError` and changes nothing if the account does not exist. */
export async function disableAccount(parts: OperatorParts, whom: string, reason: string): Promise<string> {
  return decide(
    parts,
    whom,
    (account) => ({ type: 'DisableAccount', account, personal: { reason } }),
    async ({ username, events, directory }, account) => {
      if (events.length === 0) return `${username} is already disabled; nothing was changed`;
      const devices = events.filter(({ type }) => type === 'DeviceRevoked').length;
      const rooms = await directory.roomCountOf(account);
      const follows = `terminals to log out: ${devices}, rooms to leave: ${rooms}`;
      return `${username} is disabled; ${follows} (within a second if the tracker is running, otherwise at its next start)`;
    },
  );
}

/** Enables a disabled account. It resolves and throws as `disableAccount` does. */
export async function enableAccount(parts: OperatorParts, whom: string): Promise<string> {
  return decide(
    parts,
    whom,
    (account) => ({ type: 'EnableAccount', account }),
    async ({ username, events }) =>
      events.length === 0
        ? `${username} is not disabled; nothing was changed`
        : `${username} can log in again with the same password; it must join its rooms again`,
  );
}

async function decide(
  { home, migrations, clock, ids }: OperatorParts,
  whom: string,
  commandFor: (account: AccountId) => AccountCommand,
  describe: (done: Decided, account: AccountId) => Promise<string>,
): Promise<string> {
  const resolver = createResolver(home.reader, createNames(home.reader));
  const { id } = await resolver.resolveAccount(whom, await lastPosition(home.reader));
  const account = accountIdSchema.parse(id);
  const database = await openDatabase({ file: home.file, migrations, tables: trackerTables });
  try {
    const store = createSqlStore({
      reads: database.reads,
      writer: createWriter({ connection: database.writeConnection, signHead: home.signHead }),
      clock,
      newSalt: () => randomBytes(SALT_BYTES).toString('base64url'),
      projections: trackerProjections,
    });
    const host = createTrackerHost({ store, clock });
    const command = commandFor(account);
    const outcome = await host.send({ kind: 'account', id: account, command, metadata: systemMetadata(ids) });
    if (outcome.kind === 'busy') throw busy(home.file);
    const directory = createDirectory(database.reads);
    const row = await directory.account(account);
    invariant(outcome.kind === 'done' && row !== null, `the account ${account} has events and no row`);
    return await describe({ username: row.username, events: outcome.events, directory }, account);
  } catch (thrown) {
    throw thrown instanceof StoreUnavailableError ? busy(home.file, thrown) : thrown;
  } finally {
    await database.close();
  }
}

const busy = (file: string, cause?: unknown): OperatorError =>
  new OperatorError(
    `nothing was changed: the database ${file} could not be written to`,
    'Try again in a moment. If that does not help, run `partyline doctor`.',
    { cause },
  );
