// All descendants of a process, found by a mark in their environment, also if their parents have ended. Linux only.
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { isFileError } from '../../../core/files.js';

export interface Mark {
  /** Added to the environment of the first process. */
  readonly env: Readonly<Record<string, string>>;
  /** The command lines of the running processes that have the mark, by process id. */
  processes(): Promise<ReadonlyMap<number, string>>;
}

export function createMark(): Mark {
  const mark = randomUUID();
  return {
    env: { SPEC_MARK: mark },
    async processes() {
      const found = new Map<number, string>();
      for (const name of await readdir('/proc')) {
        if (!/^\d+$/.test(name)) continue;
        const environment = await readIfThere(`/proc/${name}/environ`);
        if (!environment.includes(`SPEC_MARK=${mark}`)) continue;
        found.set(Number(name), (await readIfThere(`/proc/${name}/cmdline`)).replaceAll('\0', ' '));
      }
      return found;
    },
  };
}

/** Empty if the process has ended, or belongs to another user. */
async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((code) => isFileError(error, code))) return '';
    throw error;
  }
}
