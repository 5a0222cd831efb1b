// Helper processes of a spec: compiled files of specs/support, started with Node and killed when the spec ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

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
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  t.teardown(kill);
  const said = await Promise.race([firstLine(child), gone.then(() => undefined)]);
  if (said === undefined || child.pid === undefined) throw new Error(`${name} ended without any output`);
  return { said, pid: child.pid, kill };
}

async function firstLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  const [line] = await once(createInterface(child.stdout), 'line');
  return String(line);
}
