// Helper processes of a spec: compiled files of specs/support, started with Node and killed when the spec ends.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { spawnTied } from '../../../bin/children/tied.js';

export interface Helper {
  /** The first line of its output. */
  readonly said: string;
  readonly pid: number;
  /** Sends SIGKILL. Resolves when the process has ended. */
  kill(): Promise<void>;
}

/** Starts `specs/support/<name>.ts` and waits for its first line. */
export async function startHelper(
  t: ExecutionContext,
  name: string,
  args: readonly string[],
): Promise<Helper> {
  const file = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const {
    process: child,
    pid,
    stdout,
  } = spawnTied({ words: [file, ...args], stdin: 'ignore', stderr: 'inherit' });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(kill);
  const said = await Promise.race([firstLine(stdout), gone.then(() => undefined)]);
  if (said === undefined) throw new Error(`${name} ended without any output`);
  return { said, pid, kill };
}

async function firstLine(output: Readable): Promise<string> {
  const [line] = await once(createInterface(output), 'line');
  return String(line);
}
