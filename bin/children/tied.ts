// Child processes that end with this one: Node programs that are asked to stop when this process ends, even if it is killed. All
// children of the demo, the benchmarks and the specs are started here.
import { type ChildProcess, type IOType, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const TIE = fileURLToPath(new URL('./tie.js', import.meta.url));

export interface TiedOptions {
  /** Node's options, the program and its arguments. */
  readonly words: readonly string[];
  /** A command that runs Node, such as `nice`; it gets Node's command line as its arguments. */
  readonly by?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin: 'pipe' | 'ignore';
  readonly stderr: Extract<IOType, 'pipe' | 'inherit'>;
}

export interface TiedProcess {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly stdout: Readable;
  /** Null if the option `stdin` is `ignore`. */
  readonly stdin: Writable | null;
}

/** Starts Node with these words. It is not an error if the program closes its input. */
export function spawnTied({ words, by = [], env = process.env, stdin, stderr }: TiedOptions): TiedProcess {
  const [program = process.execPath, ...rest] = [...by, process.execPath, '--import', TIE, ...words];
  const child = spawn(program, rest, { stdio: [stdin, 'pipe', stderr, 'ipc'], env });
  if (child.pid === undefined || child.stdout === null) throw new Error(`${program} did not start`);
  // A write to a process that has ended is not reported here: the `exit` event reports the end.
  child.stdin?.on('error', () => undefined);
  return { process: child, pid: child.pid, stdout: child.stdout, stdin: child.stdin };
}
