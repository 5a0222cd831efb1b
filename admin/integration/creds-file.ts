// The file that receives new credentials. It is claimed before the log changes, so that a grant is never recorded without a place for
// its secret.
import { open, readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isCredsText } from '../../core/bus/integration/credentials.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import { isFileError, replaceFile } from '../../core/files.js';

export interface CredsFile {
  /** Absolute. */
  readonly path: string;
  /** Writes the whole text. Only its owner can read the file. */
  write(text: string): Promise<void>;
  /** Removes the file if it was made for these credentials. */
  discard(): Promise<void>;
}

const OWNER_ONLY = 0o600;

/**
 * Claims the file for new credentials. Throws an `OperatorError` if the file exists, unless `canReplace` is true and it contains
 * credentials, or if it cannot be written.
 */
export async function claimCredsFile(file: string, canReplace: boolean): Promise<CredsFile> {
  const path = resolve(file);
  const isNew = await createEmpty(path);
  if (!isNew && !(canReplace && isCredsText(await textOf(path)))) {
    throw new OperatorError(
      `nothing was changed: the file ${path} exists already`,
      canReplace
        ? 'It does not contain credentials, so it is not replaced. Give another file with --out FILE.'
        : 'Give another file with --out FILE, or remove this one.',
    );
  }
  return {
    path,
    write: (text) => replaceFile(path, text),
    async discard() {
      if (isNew) await rm(path, { force: true });
    },
  };
}

async function createEmpty(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', OWNER_ONLY)).close();
    return true;
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return false;
    throw unusable(path, error);
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unusable(path, error);
  }
}

const unusable = (path: string, cause: unknown): OperatorError =>
  new OperatorError(
    `nothing was changed: the file ${path} cannot be used: ${messageOf(cause)}`,
    'Give a file in a folder that you can write to: --out FILE.',
    { cause },
  );
