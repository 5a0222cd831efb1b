// A tracker's home, opened for administration. It must exist and have this version. A command that only looks changes no file in
// it.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readKeyring } from '../core/bus/credentials/keyring.js';
import { messageOf, OperatorError } from '../core/errors.js';
import { headText } from '../core/events/chain.js';
import type { IsHeadSigned } from '../core/events/verification/log-check.js';
import { StoreUnavailableError } from '../core/events/errors.js';
import { bytes, decoded } from '../core/events/verification/log-reader.js';
import { createSnapshotSeal, type SnapshotSeal } from '../core/events/snapshot-seal.js';
import type { ReadConnection } from '../core/events/sql/sql.js';
import type { SignHead } from '../core/events/store.js';
import { codeOf, openSqliteReader } from '../core/events/sql/sqlite.js';
import { openUntouchedReader } from '../core/events/sql/untouched.js';
import { isFileError } from '../core/files.js';
import { isSignedBy, type SigningKey } from '../core/keys.js';

export interface AdminHome {
  /** The absolute path of the database. */
  readonly file: string;
  readonly reader: ReadConnection;
  /** Whether the tracker of this home signed the head. */
  readonly isHeadSigned: IsHeadSigned;
  /** Signs the head of appended events with the key of this home's tracker. */
  readonly signHead: SignHead;
  /** The seals of this home's tracker. */
  readonly seals: SnapshotSeal;
  /** The key of this home's tracker. */
  readonly signing: SigningKey;
}

export interface HomeOptions {
  readonly home: string;
  /** The names of all migrations of this version. */
  readonly migrations: readonly string[];
  /**
   * `look` opens the database so that no file changes. SQLite cannot combine such a connection with a writing one in one process,
   * so `change` opens the database as the tracker does. `look at an older home` is like `look`, but also accepts the database of
   * an earlier version. It is for work that reads only the events, and tables and columns that the first version had.
   */
  readonly access: 'look' | 'look at an older home' | 'change';
}

/**
 * Opens a home for `work`. Throws an `OperatorError` if it is not a tracker's home, if it has another version, or if its database
 * fails before or during the work.
 */
export async function withHome<T>(
  { home, migrations, access }: HomeOptions,
  work: (home: AdminHome) => Promise<T>,
): Promise<T> {
  const folder = resolve(home);
  const file = join(folder, 'tracker.db');
  const keys = join(folder, 'keys.json');
  for (const path of [file, keys]) await refuseMissing(path);
  const keyring = await readKeyring(folder);
  if (keyring === undefined) throw notHome(keys, 'not found');
  const { signing } = keyring;
  const reader = open(file, access);
  try {
    await refuseOtherVersion(file, reader, migrations, access === 'look at an older home');
    return await work({
      file,
      reader,
      isHeadSigned: (head, signature) =>
        isSignedBy(signing.publicKey, headText(head), Buffer.from(signature, 'base64url')),
      signHead: (head) => signing.sign(headText(head)).toString('base64url'),
      seals: createSnapshotSeal(signing.seed),
      signing,
    });
  } catch (thrown) {
    const isOfFile = thrown instanceof StoreUnavailableError || codeOf(thrown).startsWith('SQLITE_');
    throw isOfFile ? unreadable(file, thrown) : thrown;
  } finally {
    reader.close();
  }
}

function unreadable(file: string, cause: unknown): OperatorError {
  return new OperatorError(
    `the database ${file} cannot be read: ${messageOf(cause)}`,
    'Run `partyline doctor`; if the file is damaged, keep it for an investigation and restore a backup.',
    { cause },
  );
}

/** Some damage of a file is found when it is opened. */
function open(file: string, access: HomeOptions['access']): ReadConnection {
  try {
    return access === 'change' ? openSqliteReader(file) : openUntouchedReader(file);
  } catch (thrown) {
    throw codeOf(thrown).startsWith('SQLITE_') ? unreadable(file, thrown) : thrown;
  }
}

async function refuseMissing(path: string): Promise<void> {
  try {
    await stat(path);
  } catch (error) {
    throw notHome(path, isFileError(error, 'ENOENT') ? 'not found' : messageOf(error), error);
  }
}

function notHome(path: string, reason: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `this folder is not a tracker’s home: ${path}: ${reason}`,
    'Give the home of a tracker that has been started at least once: --home DIR.',
    { cause },
  );
}

async function refuseOtherVersion(
  file: string,
  reader: ReadConnection,
  known: readonly string[],
  isOlderAllowed: boolean,
): Promise<void> {
  const rows = (await reader.all(`SELECT ${bytes('name')} AS name FROM migrations`)).map(
    (row) => decoded(row)['name'],
  );
  const areKnown = rows.length > 0 && rows.every((name) => known.some((other) => other === name));
  if (areKnown && (isOlderAllowed || rows.length === known.length)) return;
  throw new OperatorError(
    `the database ${file} was last used by ${areKnown ? 'an earlier' : 'another'} version of Partyline`,
    areKnown
      ? 'Run `partyline admin backup COPY` and start a tracker of this version with `partyline up --home COPY`, which updates the copy. `admin show`, `replay`, `rehearse` and the other commands that only look at events also work without that.'
      : 'Use the version that wrote it.',
  );
}
