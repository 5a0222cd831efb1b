// A `partyline` child process whose standard output is read line by line. It does not interpret the lines.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/partyline.js', import.meta.url));

export interface ChildOptions {
  readonly args: readonly string[];
  readonly onLine: (line: string) => void;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that gets the program as its arguments, such as `nice`. */
  readonly by?: readonly string[];
}

export interface Child {
  readonly pid: number;
  write(line: string): void;
  /** Closes its standard input. */
  end(): void;
  /** Ends the process and resolves with its exit code, or with null when a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** The child's standard error so far. */
  readonly errors: string;
}

/** Starts `partyline` with `args`. Profiling options of this process apply to the child, too. */
export function startPartyline({ args, onLine, env = {}, by = [] }: ChildOptions): Child {
  const profiling = process.execArgv.filter((flag) => flag.startsWith('--cpu-prof'));
  const [program = process.execPath, ...words] = [...by, process.execPath, ...profiling, PROGRAM, ...args];
  const process_: ChildProcess = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { stdin, stdout, stderr, pid } = process_;
  if (stdin === null || stdout === null || stderr === null || pid === undefined) {
    throw new Error(`partyline ${args[0] ?? ''} did not start`);
  }
  let errors = '';
  stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // `ended` reports the end of the process, so a write that comes too late is not an error here.
  stdin.on('error', () => undefined);
  createInterface({ input: stdout }).on('line', onLine);
  const ended = once(process_, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid,
    write: (line) => void stdin.write(`${line}\n`),
    end: () => void stdin.end(),
    async stop(signal) {
      process_.kill(signal);
      return ended;
    },
    ended,
    get errors() {
      return errors;
    },
  };
}
