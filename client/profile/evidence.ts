// The folder of a profile for evidence against its tracker. Files are only added. It does not know their contents.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createFile, ensurePrivateFolder, isFileError } from '../../core/files.js';

/** More findings are not stored, so that a tracker cannot fill the disk. */
const MAX_FINDINGS = 100;

/** Returns a function that stores the files of one finding below `folder` and resolves with their path. */
export function createEvidenceFolder(
  folder: string,
): (name: string, files: Readonly<Record<string, string>>) => Promise<string> {
  return async (name, files) => {
    if ((await findingsIn(folder)) >= MAX_FINDINGS)
      throw new Error(`${folder} has ${MAX_FINDINGS} findings already`);
    const path = await newFolder(folder, name);
    for (const [file, text] of Object.entries(files)) await createFile(join(path, file), text);
    return path;
  };
}

/** A folder of this name, or of the first free name with a number. */
async function newFolder(folder: string, name: string): Promise<string> {
  const taken = new Set(await namesIn(folder));
  let path = name;
  for (let number = 2; taken.has(path); number += 1) path = `${name}-${number}`;
  await ensurePrivateFolder(join(folder, path));
  return join(folder, path);
}

const findingsIn = async (folder: string): Promise<number> => (await namesIn(folder)).length;

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return [];
    throw error;
  }
}
