// The version of a nats-server binary, read from the binary itself. A file that does not run here is unsuitable.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.js';

export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A nats-server that runs on this machine and is new enough. */
export interface FoundBroker {
  /** An absolute path, or the path that the operator gave. */
  readonly binary: string;
  readonly version: Version;
}

export type Examined =
  | { readonly ok: true; readonly broker: FoundBroker }
  | { readonly ok: false; readonly reason: string };

export const EXECUTABLE = 'nats-server';
export const OLDEST_VERSION: Version = { major: 2, minor: 9, patch: 0 };

const run = promisify(execFile);
const START_TIMEOUT_MS = 10_000;

/** Runs `binary --version`. Never throws; `reason` explains why it is unsuitable. */
export async function examine(binary: string): Promise<Examined> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: START_TIMEOUT_MS, maxBuffer: 4096 });
    const version = parseVersion(stdout);
    if (version === undefined) return unfit(`${binary} is not nats-server`);
    if (isBefore(version, OLDEST_VERSION)) {
      return unfit(`${binary} is version ${spell(version)}, older than ${spell(OLDEST_VERSION)}`);
    }
    return { ok: true, broker: { binary, version } };
  } catch (error) {
    return unfit(`${binary} does not run: ${firstLine(messageOf(error))}`);
  }
}

/** Reads `nats-server: v2.10.27`. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^nats-server: v?(\d+)\.(\d+)\.(\d+)/.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

export function isBefore(a: Version, b: Version): boolean {
  return compareVersions(a, b) < 0;
}

/** For sorting, oldest first. */
export function compareVersions(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

export const spell = ({ major, minor, patch }: Version): string => `${major}.${minor}.${patch}`;

const unfit = (reason: string) => ({ ok: false, reason }) as const;
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
