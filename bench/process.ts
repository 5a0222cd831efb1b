// CPU time and memory of another process, from /proc; available on Linux only.
import { readFile } from 'node:fs/promises';
import { isFileError } from '../core/files.js';

export interface Usage {
  /** User and system time of all its threads, in milliseconds. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

// The kernel counts in units of 1/USER_HZ s; USER_HZ is 100 on every Linux that Node supports.
const TICK_MS = 10;
const KIB = 1_024;

/** Null on a system without /proc. */
export async function usageOf(pid: number): Promise<Usage | null> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/status`, 'utf8'),
    ]);
    // The name in parentheses may contain spaces; the times are the 12th and 13th fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const resident = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return { cpuMs: ticks * TICK_MS, residentBytes: Number(resident) * KIB };
  } catch (thrown) {
    if (isFileError(thrown, 'ENOENT')) return null;
    throw thrown;
  }
}
