// A new home of a tracker, made complete beside its place and then renamed: a process that ends early leaves nothing in its place.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, OperatorError } from '../../core/errors.js';
import { isFileError } from '../../core/files.js';

const OWNER_ONLY_FOLDER = 0o700;

/**
 * Runs `work` in a private draft folder, syncs all its files and renames it to `to`, which must be empty or not exist. Throws an
 * `OperatorError` that names the problem; then `to` is unchanged and the draft is deleted.
 */
export async function makeNewHome<T>(to: string, work: (draft: string) => Promise<T>): Promise<T> {
  const target = resolve(to);
  await requireEmpty(target);
  const draft = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await makeFolder(draft);
    const result = await work(draft);
    await syncAll(draft);
    await rename(draft, target);
    await sync(dirname(target));
    return result;
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    if (thrown instanceof OperatorError) throw thrown;
    throw new OperatorError(
      `${target} could not be written: ${messageOf(thrown)}`,
      'Choose a folder on a disk with free space, in a parent folder that this user may write to. Nothing was left behind.',
      { cause: thrown },
    );
  }
}

/** Throws an `OperatorError` if the folder has files. */
export async function requireEmpty(folder: string): Promise<void> {
  if ((await namesIn(folder)).length === 0) return;
  throw new OperatorError(
    `${folder} is not empty`,
    'Choose a folder that does not exist yet. Existing files are never overwritten.',
  );
}

/** The names of the files in a folder; none if it does not exist. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (isFileError(cause, 'ENOENT')) return [];
    throw new OperatorError(`${folder} cannot be read: ${messageOf(cause)}`, 'Name another folder.', {
      cause,
    });
  }
}

/** Creates the folder and its missing parents, readable by their owner only. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: OWNER_ONLY_FOLDER });
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
