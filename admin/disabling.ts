// The commands `partyline admin disable` and `admin enable`, which append to the log of a home. The tracker follows the log and
// carries out the effects, at once or after its next start.
import { ownerOf } from '../actors/passwords/table.js';
import { createDirectory } from '../actors/projections/directory.js';
import { accountIdSchema } from '../core/ids.js';
import { type Administered, administer } from './administration/administration.js';
import type { OperatorParts } from './administration/operation.js';
import { disabling, enabling } from './administration/tasks.js';

const HAS_PASSWORD = 'SELECT 1 AS one FROM credentials WHERE owner = ?';

export interface Disabled {
  readonly administered: Administered;
  /** The result as a sentence. In a dry run it says what would be. */
  readonly sentence: string;
}

interface Request {
  readonly whom: string;
  /** May be empty. */
  readonly reason: string;
  readonly isDryRun?: boolean;
}

/** Throws an `OperatorError` and changes nothing if the account does not exist. */
export async function disableAccount(
  parts: OperatorParts,
  { whom, reason, isDryRun = false }: Request,
): Promise<Disabled> {
  const administered = await administer(parts, disabling(whom, reason), isDryRun);
  const { task, events } = administered;
  const name = task.user.slice(1);
  if (events.length === 0)
    return { administered, sentence: `${name} is already disabled; nothing was changed` };
  const devices = events.filter(({ type }) => type === 'DeviceRevoked').length;
  const account = accountIdSchema.parse(task.operation.id);
  const rooms = await createDirectory(parts.home.reader).roomCountOf(account);
  const follows = `terminals to log out: ${devices}, rooms to leave: ${rooms}`;
  return {
    administered,
    sentence: `${name} is disabled; ${follows} (within a second if the tracker is running, otherwise at its next start)`,
  };
}

/** Enables a disabled account. It resolves and throws as `disableAccount` does. */
export async function enableAccount(
  parts: OperatorParts,
  { whom, reason, isDryRun = false }: Request,
): Promise<Disabled> {
  const administered = await administer(parts, enabling(whom, reason), isDryRun);
  const { task, events } = administered;
  const name = task.user.slice(1);
  if (events.length === 0) return { administered, sentence: `${name} is not disabled; nothing was changed` };
  const account = accountIdSchema.parse(task.operation.id);
  const password = await parts.home.reader.first(HAS_PASSWORD, [ownerOf(account)]);
  return {
    administered,
    sentence:
      password === undefined
        ? `${name} is enabled, but nobody can log in to it: a redaction or an import without secrets has removed its password`
        : `${name} can log in again with the same password; it must join its rooms again`,
  };
}
