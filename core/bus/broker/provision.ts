// The download of a nats-server onto a machine that has none, without root: the newest available, into the user's
// cache.
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OperatorError } from '../../errors.js';
import { isFileError } from '../../files.js';
import { keepAliveSchedule } from '../../time/clock.js';
import { fetchNewerSuite, fetchOwnSuite, NEWER_SUITE } from './debian.js';
import { fetchRelease, OFFICIAL_RELEASE } from './release.js';
import { EXECUTABLE, examine, type FoundBroker, OLDEST_VERSION, spell } from './version.js';

/** One source of the broker. */
export interface Source {
  /** The name shown in progress lines and in the final error. */
  readonly name: string;
  /** Puts a nats-server into the empty `folder` and returns its path; throws an error with the reason if it fails. */
  fetch(folder: string): Promise<string>;
}

export interface ProvisionOptions {
  /** The user's folder for brokers; see `brokerCache`. */
  readonly cache: string;
  /** Receives one line for each step. */
  readonly onProgress: (line: string) => void;
  /** The sources in the order to try them. */
  readonly sources?: readonly Source[];
}

/** The sources for this machine, the newest version first. */
export function machineSources(): readonly Source[] {
  const release: Source = {
    name: `the official release ${OFFICIAL_RELEASE.version}`,
    fetch: (folder) => fetchRelease(folder, `${process.platform}-${process.arch}`, keepAliveSchedule),
  };
  if (process.platform !== 'linux') return [release];
  return [
    release,
    { name: `Debian's package of ${NEWER_SUITE}`, fetch: fetchNewerSuite },
    { name: "the package of this system's own suite", fetch: fetchOwnSuite },
  ];
}

/**
 * Downloads a nats-server that runs here and keeps it in `cache`. Concurrent calls are safe: each uses its own folder,
 * and the first to finish wins. Throws an `OperatorError` with every reason if no source works.
 */
export async function provisionBroker(options: ProvisionOptions): Promise<FoundBroker> {
  const { cache, onProgress, sources = machineSources() } = options;
  await mkdir(cache, { recursive: true });
  const failures: string[] = [];
  for (const source of sources) {
    onProgress(`nats-server: trying ${source.name}`);
    try {
      const broker = await provisionFrom(source, cache);
      onProgress(`nats-server: ${spell(broker.version)} is ready in ${broker.binary}`);
      return broker;
    } catch (error) {
      failures.push(`${source.name}: ${messageOf(error)}`);
      onProgress(`nats-server: not from ${source.name}: ${messageOf(error)}`);
    }
  }
  throw new OperatorError(
    `nats-server could not be downloaded (${failures.join('; ')})`,
    `Install nats-server ${spell(OLDEST_VERSION)} or newer (Debian, Ubuntu: apt-get install nats-server; macOS: brew install nats-server), or set PARTYLINE_NATS_SERVER to its path.`,
  );
}

async function provisionFrom(source: Source, cache: string): Promise<FoundBroker> {
  const workshop = await mkdtemp(join(cache, '.provision-'));
  try {
    const fetched = await source.fetch(workshop);
    await chmod(fetched, 0o755);
    const examined = await examine(fetched);
    if (!examined.ok) throw new Error(examined.reason);
    const { version } = examined.broker;
    const ready = join(workshop, 'ready');
    await mkdir(ready);
    await copyFile(fetched, join(ready, EXECUTABLE));
    return await keep(join(cache, spell(version)), ready);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function keep(place: string, ready: string): Promise<FoundBroker> {
  const binary = join(place, EXECUTABLE);
  try {
    await rename(ready, place);
  } catch (error) {
    if (!isFileError(error, 'ENOTEMPTY') && !isFileError(error, 'EEXIST')) throw error;
    // The folder exists: another process stored the same version first, or its file is damaged and is replaced.
    if (!(await examine(binary)).ok) {
      await rm(place, { recursive: true, force: true });
      await rename(ready, place);
    }
  }
  const examined = await examine(binary);
  if (!examined.ok) throw new Error(examined.reason);
  return examined.broker;
}
