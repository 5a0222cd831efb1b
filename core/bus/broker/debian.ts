// nats-server from a Debian package of the machine's own mirror, without root. apt works on private lists, and the
// package is unpacked, not installed.
import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.js';
import { isFileError } from '../../files.js';

/** A suite with a newer nats-server package than the suites of most machines in use. */
export const NEWER_SUITE = 'trixie';

// The suites with the same nats-server package as `NEWER_SUITE` or a newer one.
const RECENT_SUITES = new Set(['trixie', 'forky', 'duke', 'sid']);
// Other names that a source may use for the system's suite.
const ALIASES = new Set(['stable', 'oldstable', 'testing']);
const ARCHIVE_KEYS = [
  '/usr/share/keyrings/debian-archive-keyring.gpg',
  '/usr/share/keyrings/debian-archive-keyring.pgp',
];
const TIMEOUT_MS = 180_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const run = promisify(execFile);

/** Unpacks nats-server from the newer suite into the empty `folder`; throws an error with the reason if it fails. */
export async function fetchNewerSuite(folder: string): Promise<string> {
  const codename = await suiteOfSystem();
  if (RECENT_SUITES.has(codename)) throw new Error(`this system (${codename}) has no newer suite`);
  const mirrors = debianMirrors(await apt(['update', '--print-uris']), codename);
  if (mirrors.length === 0) throw new Error("there is no Debian mirror among apt's sources");
  const failures: string[] = [];
  for (const [index, mirror] of mirrors.entries()) {
    const place = join(folder, `mirror-${index}`);
    try {
      return await fetchFromMirror(place, mirror);
    } catch (error) {
      failures.push(`${mirror}: ${messageOf(error)}`);
    }
  }
  throw new Error(failures.join('; '));
}

/**
 * Unpacks nats-server from the system's own suite into the empty `folder`; throws an error with the reason if it fails.
 */
export async function fetchOwnSuite(folder: string): Promise<string> {
  try {
    return await download(await emptyFolder(join(folder, 'system-lists')), []);
  } catch {
    // The system's lists are missing or stale, and only root may renew them. Private lists work too.
    const place = await emptyFolder(join(folder, 'private-lists'));
    return update(place, privateLists(place));
  }
}

/**
 * The archives that have the system's suite, the most likely Debian archive first, from the output of `apt-get update
 * --print-uris`. Other vendors' archives may be listed too; only the signature proves that one is Debian's.
 */
export function debianMirrors(printedUris: string, codename: string): readonly string[] {
  const mirrors = new Set<string>();
  for (const [, mirror = '', suite = ''] of printedUris.matchAll(
    /^'([^']+?)\/*\/dists\/([^/']+)\/InRelease'/gm,
  )) {
    if ((suite === codename || ALIASES.has(suite)) && !mirror.startsWith('cdrom:')) mirrors.add(mirror);
  }
  return [...mirrors].sort((a, b) => Number(isNamedDebian(b)) - Number(isNamedDebian(a)));
}

const isNamedDebian = (mirror: string): boolean => mirror.endsWith('/debian');

async function fetchFromMirror(place: string, mirror: string): Promise<string> {
  await emptyFolder(place);
  const keys = await firstReadable(ARCHIVE_KEYS);
  if (keys === undefined) throw new Error("the keys of Debian's archive are not installed");
  const source = join(place, 'sources.list');
  await writeFile(source, `deb [target=Packages signed-by=${keys}] ${mirror} ${NEWER_SUITE} main\n`);
  const onlyThis = [`Dir::Etc::SourceList=${source}`, 'Dir::Etc::SourceParts=/dev/null'];
  return update(place, [...onlyThis, ...privateLists(place)]);
}

const privateLists = (place: string): readonly string[] => [
  `Dir::State::Lists=${join(place, 'lists')}`,
  `Dir::Cache=${join(place, 'cache')}`,
  'Acquire::Languages=none',
];

async function update(place: string, options: readonly string[]): Promise<string> {
  await mkdir(join(place, 'lists', 'partial'), { recursive: true });
  await mkdir(join(place, 'cache', 'archives', 'partial'), { recursive: true });
  let complaint: unknown;
  try {
    await apt(['update', '-qq'], options);
  } catch (error) {
    // One broken source or hook fails the whole update, although the package may be available.
    complaint = error;
  }
  try {
    return await download(place, options);
  } catch (error) {
    throw complaint ?? error;
  }
}

async function download(place: string, options: readonly string[]): Promise<string> {
  await apt(['download', '-qq', 'nats-server'], options, place);
  const archive = (await readdir(place)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download left no package');
  const root = join(place, 'root');
  await run('dpkg-deb', ['--extract', join(place, archive), root], { timeout: TIMEOUT_MS });
  return join(root, 'usr', 'sbin', 'nats-server');
}

async function apt(args: readonly string[], options: readonly string[] = [], cwd = '/'): Promise<string> {
  // Sandbox::User: apt's own user cannot read the private folders.
  const common = ['APT::Sandbox::User=root', 'Acquire::Retries=1', 'Acquire::http::Timeout=20'];
  const flags = [...common, ...options].flatMap((option) => ['-o', option]);
  try {
    const { stdout } = await run('apt-get', [...flags, ...args], {
      cwd,
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { ...process.env, LC_ALL: 'C' },
    });
    return stdout;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) throw new Error('this system has no apt-get', { cause: error });
    throw new Error(complaintOf(error), { cause: error });
  }
}

// The message of execFile contains the whole output of apt; the first `E:` line is the reason.
function complaintOf(error: unknown): string {
  const message = messageOf(error);
  return message.split('\n').find((line) => line.startsWith('E: ')) ?? message.split('\n', 1)[0] ?? message;
}

async function suiteOfSystem(): Promise<string> {
  const text = await readFile('/etc/os-release', 'utf8');
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1] ?? '';
}

async function firstReadable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}

async function emptyFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}
