// A copy of a tracker's home from which it can be had back: taken while the tracker serves, checked before it counts.
// It knows which files matter, and of the log only its end.
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import Database from 'libsql';
import { z } from 'zod';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { type Head, headText } from '../../core/events/chain.js';
import { codeOf } from '../../core/events/sql/sqlite.js';
import { isFileError } from '../../core/files.js';
import { isSignedBy } from '../../core/keys.js';

const DATABASE = 'tracker.db';
const KEYS = 'keys.json';
/**
 * Whatever a home has is copied, but for the database's own files, what belongs to the process that runs, and the broker's
 * folder, which is made anew at each start: of that only the port, where terminals look again.
 */
const LEFT_OUT = /^(tracker\.(db|pid|log)|lock)(-\w+)?$|\.tmp$|^broker\/(?!port$)/;

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export interface HomeCopy {
  /** Where it lies, absolute. */
  readonly folder: string;
  /** The end of its log. */
  readonly head: Head;
}

/**
 * Copies the home of a tracker, which may serve meanwhile, or a backup of one, into `to`, which must be empty or not exist.
 * `to` is there whole, checked and on the disk, or not at all. Throws an `OperatorError` that says what is in the way.
 */
export async function copyHome(from: string, to: string): Promise<HomeCopy> {
  const source = resolve(from);
  const target = resolve(to);
  await requireHome(source);
  await requireEmpty(target);
  requireApart(source, target);
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeFolder(draft);
    await copyDatabase(join(source, DATABASE), join(draft, DATABASE));
    for (const path of await filesIn(source)) await copyPrivately(source, draft, path);
    const head = await checkedHead(draft);
    await syncAll(draft);
    await rename(draft, target);
    await sync(dirname(target));
    return { folder: target, head };
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `${target} could not be written: ${messageOf(thrown)}`,
      'Choose a folder on a disk with room, whose parent this user may write to; nothing was left there.',
      { cause: thrown },
    );
  }
}

async function requireHome(folder: string): Promise<void> {
  const names = await namesIn(folder);
  const missing = [DATABASE, KEYS].filter((name) => !names.includes(name));
  if (missing.length === 0) return;
  throw new OperatorError(
    `${folder} is neither a tracker's home nor a backup of one: it has no ${missing.join(' and no ')}`,
    'Name the folder that has both, as the user whom the tracker runs as.',
  );
}

async function requireEmpty(folder: string): Promise<void> {
  if ((await namesIn(folder)).length === 0) return;
  throw new OperatorError(
    `${folder} is not empty`,
    'Choose a folder that does not exist yet: nothing is ever overwritten.',
  );
}

/** What lies in a home is backed up with it: a backup in there would hold all earlier ones. */
function requireApart(home: string, folder: string): void {
  if (!`${folder}${sep}`.startsWith(`${home}${sep}`)) return;
  throw new OperatorError(
    `${folder} lies in ${home} itself`,
    'Choose a folder outside, best on another disk.',
  );
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isFileError(cause, 'ENOENT')) return [];
    throw new OperatorError(`${folder} cannot be read: ${messageOf(cause)}`, 'Name another folder.', {
      cause,
    });
  }
}

/** The relative paths of what is to be copied beside the database; what is left out is not even looked into. */
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

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
}

/** SQLite's own copy of one moment: copying the file of a database at work would tear it. */
async function copyDatabase(from: string, to: string): Promise<void> {
  // Made first, so that it is closed to others from its first byte.
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

function openToRead(file: string): Database.Database {
  try {
    return new Database(file, { readonly: true });
  } catch (cause) {
    throw new OperatorError(
      `the database ${file} cannot be opened: ${messageOf(cause)}`,
      'Work as the user whom the tracker runs as; else see what `partyline doctor` says of it.',
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

/** The end of the copied log, if the copy is sound and was signed by the keys beside it. */
async function checkedHead(folder: string): Promise<Head> {
  const { signing } = await openKeyring(folder);
  const database = new Database(join(folder, DATABASE), { readonly: true });
  try {
    const check: unknown = database.pragma('quick_check');
    if (!JSON.stringify(check).includes('"ok"')) throw damaged('SQLite finds it broken');
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
    `the database cannot be copied faithfully: ${why}`,
    'Look at it with `partyline doctor`, and keep your earlier backups.',
  );
}

async function syncAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const { parentPath, name } of entries) await sync(join(parentPath, name));
  await sync(folder);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
