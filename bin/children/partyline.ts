// A `partyline` child process whose standard output is read line by line. It ends with this process. It does not interpret the lines.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnTied } from './tied.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/partyline.js', import.meta.url));

export interface ChildOptions {
  readonly args: readonly string[];
  readonly onLine: (line: string) => void;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the program, such as `nice`; it gets the program and its arguments as its own arguments. */
  readonly by?: readonly string[];
}

export interface Child {
  readonly pid: number;
  write(line: string): void;
  /** Closes its standard input. */
  end(): void;
  /** Sends `signal`. Resolves with the exit code of the process, or with null if a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<number | null>;
  /** The child's standard error so far. */
  readonly errors: string;
}

/** Starts `partyline` with `args`. Profiling options of this process apply to the child, too. */
export function startPartyline({ args, onLine, env = {}, by = [] }: ChildOptions): Child {
  const profiling = process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'));
  const { process: child, ...started } = spawnTied({
    words: [...profiling, PROGRAM, ...args],
    by,
    env: { ...process.env, ...env },
    stdin: 'pipe',
    stderr: 'pipe',
  });
  const { pid, stdin, stdout } = started;
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  createInterface({ input: stdout }).on('line', onLine);
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid,
    write: (line) => void stdin?.write(`${line}\n`),
    end: () => void stdin?.end(),
    async stop(signal) {
      child.kill(signal);
      return ended;
    },
    ended,
    get errors() {
      return errors;
    },
  };
}
