// One run of one nats-server, from its start to its exit. It does not restart the server.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import { ensurePrivateFolder, isFileError } from '../../files.js';
import type { Schedule } from '../../time/clock.js';
import { delay, withDeadline } from '../../time/wait.js';
import type { BrokerFolder } from './configuration.js';

export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Resolves when the process has ended, with how it ended, such as `signal SIGKILL` or `code 1`. */
  readonly exited: Promise<string>;
  /** Ends the process with SIGTERM, then SIGKILL if needed. Resolves when it has ended. */
  end(): Promise<void>;
}

export type StartedServer =
  | { readonly ok: true; readonly server: Server }
  | { readonly ok: false; readonly isPortTaken: boolean; readonly reason: string };

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 5;
const PATIENCE_MS = 5_000;
const MAX_REASON_CHARACTERS = 500;

const portsSchema = z.object({ nats: z.array(z.string()).min(1) });

/** Starts `binary` with the configuration in `folder` and waits until it is ready. */
export async function startServer(
  binary: string,
  folder: BrokerFolder,
  schedule: Schedule,
): Promise<StartedServer> {
  await rm(folder.ports, { recursive: true, force: true });
  await ensurePrivateFolder(folder.ports);
  const logStart = await sizeOf(folder.log);
  const launched = await launch(binary, folder);
  if (!launched.ok) return failed(launched.reason);
  const { child, pid } = launched;
  const exited = once(child, 'exit').then(([code, signal]: (number | string | null)[]) =>
    signal === null ? `code ${code}` : `signal ${signal}`,
  );
  const server = { pid, exited, end: () => end(child, exited, schedule) };
  const timeout = (): Error => new Error(`it was not ready after ${START_TIMEOUT_MS / 1000} s`);
  return withDeadline(schedule, START_TIMEOUT_MS, { timeout }, async (limit) => {
    for (;;) {
      const port = await portOf(folder.ports, pid);
      if (port !== undefined) return { ok: true, server: { ...server, port } };
      if (limit.aborted) {
        await server.end();
        return failed(messageOf(limit.reason));
      }
      const exit = await Promise.race([exited, delay(schedule, POLL_MS)]);
      if (typeof exit === 'string') {
        return failed((await errorsOf(folder, logStart)) || `it exited with ${exit}`);
      }
    }
  });
}

function failed(reason: string): StartedServer {
  return { ok: false, isPortTaken: reason.includes('address already in use'), reason };
}

type Launched =
  | { readonly ok: true; readonly child: ChildProcess; readonly pid: number }
  | { readonly ok: false; readonly reason: string };

async function launch(binary: string, folder: BrokerFolder): Promise<Launched> {
  // A file, not a pipe: the server must keep running after a killed tracker, and a closed pipe would break its output.
  const output = openSync(folder.startLog, 'w', 0o600);
  try {
    // Its own process group: Ctrl-C reaches only the tracker, which ends the broker after its own work.
    const child = spawn(binary, ['-c', folder.configuration], {
      detached: true,
      stdio: ['ignore', output, output],
    });
    if (child.pid !== undefined) {
      // The pid file is written at once and synchronously: if the tracker is killed after this point, its successor must find the
      // orphaned broker.
      try {
        writeFileSync(folder.pidFile, `${child.pid}\n`, { mode: 0o600 });
      } catch (error) {
        child.kill('SIGKILL');
        throw error;
      }
      return { ok: true, child, pid: child.pid };
    }
    const [error] = await once(child, 'error');
    return { ok: false, reason: messageOf(error) };
  } finally {
    closeSync(output);
  }
}

async function end(child: ChildProcess, exited: Promise<string>, schedule: Schedule): Promise<void> {
  child.kill('SIGTERM');
  const patience = new AbortController();
  const isOut = await Promise.race([
    exited.then(() => true),
    delay(schedule, PATIENCE_MS, patience.signal).then(() => false),
  ]);
  patience.abort();
  if (isOut) return;
  child.kill('SIGKILL');
  await exited;
}

// The server writes `<its name>_<pid>.ports` once it listens.
async function portOf(folder: string, pid: number): Promise<number | undefined> {
  const file = (await readdir(folder)).find((name) => name.endsWith(`_${pid}.ports`));
  if (file === undefined) return undefined;
  const json = await readFile(join(folder, file), 'utf8');
  // The file is not written atomically: an empty or cut file is incomplete.
  if (!json.endsWith('}')) return undefined;
  const [url = ''] = portsSchema.parse(JSON.parse(json)).nats;
  return Number(new URL(url).port);
}

async function errorsOf(folder: BrokerFolder, logStart: number): Promise<string> {
  const started = (await textFrom(folder.startLog, 0)).trim();
  const logged = (await textFrom(folder.log, logStart)).matchAll(/\[(?:FTL|ERR)\] (.*)/g);
  const words = [started, ...Array.from(logged, ([, message = '']) => message)];
  return words
    .filter((line) => line !== '')
    .join('; ')
    .slice(0, MAX_REASON_CHARACTERS);
}

async function textFrom(path: string, start: number): Promise<string> {
  try {
    return await text(createReadStream(path, { start }));
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return '';
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return 0;
    throw error;
  }
}
