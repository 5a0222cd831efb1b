// The commands `partyline admin disable` and `admin enable`, which append to the log of a home. The tracker follows the log and
// carries out the effects, at once or after its next start.
import type { AccountCommand } from '../actors/account/commands.js';
import { ownerOf } from '../actors/passwords/table.js';
import type { Directory } from '../actors/projections/directory.js';
import { invariant } from '../core/errors.js';
import type { RecordedEvent } from '../core/events/event.js';
import { type AccountId, accountIdSchema } from '../core/ids.js';
import { asOperator, type OperatorParts } from './administration/operation.js';
import { lastPosition } from './moment.js';
import { createNames } from './subject/names.js';
import { createResolver } from './subject/resolve.js';

const HAS_PASSWORD = 'SELECT 1 AS one FROM credentials WHERE owner = ?';

interface Decided {
  readonly username: string;
  readonly events: readonly RecordedEvent[];
  readonly directory: Directory;
}

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
    async ({ username, events }, account) => {
      if (events.length === 0) return `${username} is not disabled; nothing was changed`;
      const password = await parts.home.reader.first(HAS_PASSWORD, [ownerOf(account)]);
      return password === undefined
        ? `${username} is enabled, but nobody can log in to it: a redaction or an import without secrets has removed its password`
        : `${username} can log in again with the same password; it must join its rooms again`;
    },
  );
}

async function decide(
  parts: OperatorParts,
  whom: string,
  commandFor: (account: AccountId) => AccountCommand,
  describe: (done: Decided, account: AccountId) => Promise<string>,
): Promise<string> {
  const { reader } = parts.home;
  const resolver = createResolver(reader, createNames(reader));
  const { id } = await resolver.resolveAccount(whom, await lastPosition(reader));
  const account = accountIdSchema.parse(id);
  return asOperator(parts, false, async (operator) => {
    const { directory } = operator;
    const decision = await operator.decide({ kind: 'account', id: account, command: commandFor(account) });
    const row = await directory.account(account);
    invariant(decision.kind === 'recorded' && row !== null, `the account ${account} has events and no row`);
    return describe({ username: row.username, events: decision.events, directory }, account);
  });
}
