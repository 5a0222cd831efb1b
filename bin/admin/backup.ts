// A checked copy of a tracker's home that can be restored. It can be taken while the tracker runs. This module decides which
// files are copied. It reads only the end of the log.
import { chmod, copyFile, open, readdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { makeFolder, makeNewHome, namesIn, requireEmpty } from '../../admin/archive/new-home.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { type Head, headText } from '../../core/events/chain.js';
import { FORGET_LOG_IDENTITY } from '../../core/events/sql/log-identity.js';
import { codeOf } from '../../core/events/sql/sqlite.js';
import { isSignedBy } from '../../core/keys.js';

const DATABASE = 'tracker.db';
const KEYS = 'keys.json';
/**
 * The files that are not copied: the database's own files (copied by SQLite), the files of the running process, and the broker's
 * folder, which each start of the tracker writes again. The broker's port is copied, because terminals reconnect to it.
 */
const LEFT_OUT = /^(tracker\.(db|pid|log)|lock)(-\w+)?$|\.tmp$|^broker\/(?!port$)/;

const OWNER_ONLY = 0o600;

export interface HomeCopy {
  /** The absolute path of the copy. */
  readonly folder: string;
  /** The end of the copied log. */
  readonly head: Head;
}

/**
 * Copies `from`, a tracker's home or a backup of one, into `to`, which must be empty or not exist. The tracker may be running.
 * Afterwards `to` is complete, checked and on disk, or it does not exist. Throws an `OperatorError` that names the problem.
 */
export async function copyHome(from: string, to: string): Promise<HomeCopy> {
  const source = resolve(from);
  const target = resolve(to);
  await requireHome(source);
  await requireEmpty(target);
  requireApart(source, target);
  const head = await makeNewHome(target, async (draft) => {
    await copyDatabase(join(source, DATABASE), join(draft, DATABASE));
    forgetLogIdentity(join(draft, DATABASE));
    for (const path of await filesIn(source)) await copyPrivately(source, draft, path);
    return checkedHead(draft);
  });
  return { folder: target, head };
}

async function requireHome(folder: string): Promise<void> {
  const names = await namesIn(folder);
  const missing = [DATABASE, KEYS].filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new OperatorError(
    `${folder} is neither a tracker's home nor a backup of one: it has no ${missing.join(' and no ')}`,
    'Give the folder that has both the database and the keys, and run the command as the user who runs the tracker.',
  );
}

/** A backup inside the home would be copied into every later backup. */
function requireApart(home: string, folder: string): void {
  if (!`${folder}${sep}`.startsWith(`${home}${sep}`)) return;
  throw new OperatorError(
    `${folder} is inside ${home}`,
    'Choose a folder outside it, preferably on another disk.',
  );
}

/** The relative paths of all files to copy except the database. Excluded folders are not read. */
async function filesIn(home: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(home, below), { withFileTypes: true });
  const found = entries.map(async (entry): Promise<readonly string[]> => {
    const path = join(below, entry.name);
    if (LEFT_OUT.test(path)) return [];
    if (entry.isDirectory()) return filesIn(home, path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Lets SQLite copy the database as of one moment. A plain file copy of a database in use would be inconsistent. */
async function copyDatabase(from: string, to: string): Promise<void> {
  // The file is created first, so that other users can never read it.
  await (await open(to, 'wx', OWNER_ONLY)).close();
  const database = openToRead(from);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } catch (thrown) {
    if (['SQLITE_NOTADB', 'SQLITE_CORRUPT'].includes(codeOf(thrown))) throw damaged(messageOf(thrown));
    throw thrown;
  } finally {
    database.close();
  }
}

/**
 * The next start of the tracker gives the copy a new log identity, by which terminals recognise it as a copy. Databases of older
 * versions have no identity.
 */
function forgetLogIdentity(file: string): void {
  const database = new Database(file);
  try {
    const table = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'log_identity'").get();
    if (table !== undefined) database.exec(FORGET_LOG_IDENTITY);
  } finally {
    database.close();
  }
}

function openToRead(file: string): Database.Database {
  try {
    return new Database(file, { readonly: true });
  } catch (cause) {
    throw new OperatorError(
      `the database ${file} cannot be opened: ${messageOf(cause)}`,
      'Use the user account that runs the tracker. If that does not help, run `partyline doctor`.',
      { cause },
    );
  }
}

async function copyPrivately(source: string, target: string, path: string): Promise<void> {
  const copy = join(target, path);
  await makeFolder(dirname(copy));
  await copyFile(join(source, path), copy);
  await chmod(copy, OWNER_ONLY);
}

const headRow = z.object({ position: z.number(), hash: z.string(), signature: z.string() });
const lastRow = z.object({ position: z.number(), hash: z.string() });

/** The end of the copied log, if the copy is intact and was signed by the keys stored with it. */
async function checkedHead(folder: string): Promise<Head> {
  const { signing } = await openKeyring(folder);
  const database = new Database(join(folder, DATABASE), { readonly: true });
  try {
    const check: unknown = database.pragma('quick_check');
    if (!JSON.stringify(check).includes('"ok"')) throw damaged('SQLite reports that it is damaged');
    const head = headRow.parse(database.prepare('SELECT * FROM log_head WHERE id = 1').get());
    const last = database.prepare('SELECT * FROM events ORDER BY position DESC LIMIT 1').get();
    if (last === undefined) {
      if (head.position !== 0) throw damaged('its events are missing');
      return head;
    }
    const { position, hash } = lastRow.parse(last);
    if (position !== head.position || hash !== head.hash) throw damaged('its log does not end at its head');
    const signature = Buffer.from(head.signature, 'base64url');
    if (!isSignedBy(signing.publicKey, headText(head), signature)) {
      throw damaged(`its head was not signed by the keys in ${KEYS}`);
    }
    return { position, hash };
  } finally {
    database.close();
  }
}

function damaged(why: string): OperatorError {
  return new OperatorError(
    `the database cannot be copied correctly: ${why}`,
    'Run `partyline doctor` to examine it, and keep your earlier backups.',
  );
}
