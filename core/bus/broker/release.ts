// The official release of nats-server: one pinned version, checked against its pinned SHA-256 before it is unpacked.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.js';
import type { Schedule } from '../../time/clock.js';
import { EXECUTABLE } from './version.js';

export interface Release {
  readonly version: string;
  /** The base URL of the archives. */
  readonly url: string;
  /** SHA-256 of the archive for each `platform-architecture` of Node. */
  readonly digests: Readonly<Record<string, string>>;
}

export const OFFICIAL_RELEASE: Release = {
  version: '2.12.15',
  url: 'https://github.com/nats-io/nats-server/releases/download/v2.12.15',
  digests: {
    'linux-x64': '58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e',
    'linux-arm64': 'b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6',
  },
};

export interface ReleaseTimeouts {
  /** Limit until the response starts. */
  readonly answerMs: number;
  /** Limit until the response is complete. */
  readonly wholeMs: number;
}

// Short, because other sources remain for a machine that cannot reach the release.
const TIMEOUTS: ReleaseTimeouts = { answerMs: 4_000, wholeMs: 120_000 };
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const run = promisify(execFile);

/**
 * Unpacks the release's nats-server into the empty `folder` and returns its path; throws an error with the reason if it
 * fails.
 */
export async function fetchRelease(
  folder: string,
  machine: string,
  schedule: Schedule,
  release: Release = OFFICIAL_RELEASE,
  timeouts: ReleaseTimeouts = TIMEOUTS,
): Promise<string> {
  const digest = release.digests[machine];
  const [platform = '', architecture = ''] = machine.split('-');
  if (digest === undefined) throw new Error(`no release is pinned for ${machine}`);
  const name = `nats-server-v${release.version}-${platform}-${ARCHITECTURES[architecture] ?? architecture}`;
  const bytes = await download(`${release.url}/${name}.tar.gz`, schedule, timeouts);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== digest) throw new Error(`the archive's SHA-256 is ${actual}, not the pinned ${digest}`);
  const archive = join(folder, `${name}.tar.gz`);
  await writeFile(archive, bytes);
  await run('tar', [
    '-xzf',
    archive,
    '-C',
    folder,
    '--strip-components=1',
    '--no-same-owner',
    `${name}/${EXECUTABLE}`,
  ]);
  return join(folder, EXECUTABLE);
}

async function download(
  url: string,
  schedule: Schedule,
  { answerMs, wholeMs }: ReleaseTimeouts,
): Promise<Buffer> {
  const transfer = new AbortController();
  const abortAfter = (limitMs: number, reason: string): (() => void) =>
    schedule(limitMs, () => transfer.abort(new Error(`${reason} in ${limitMs} ms`)));
  const cancelAnswerLimit = abortAfter(answerMs, 'no answer');
  const cancelWholeLimit = abortAfter(wholeMs, 'not complete');
  try {
    const response = await fetch(url, { signal: transfer.signal });
    cancelAnswerLimit();
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    return await collect(response.body);
  } catch (error) {
    throw new Error(`download failed: ${reasonOf(error)}`, { cause: error });
  } finally {
    cancelAnswerLimit();
    cancelWholeLimit();
  }
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_ARCHIVE_BYTES) throw new Error(`more than ${MAX_ARCHIVE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// The message of fetch is only "fetch failed"; the reason is in its cause.
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}
