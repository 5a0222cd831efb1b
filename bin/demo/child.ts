// A child process of ours whose standard output is read line by line. It knows nothing of what the lines say.
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
  /** A command that becomes the one after it, such as `nice`. */
  readonly by?: readonly string[];
}

export interface Child {
  readonly pid: number;
  write(line: string): void;
  /** Closes its standard input. */
  end(): void;
  /** Ends it, and resolves with its exit code; null when a signal ended it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** What it has said on standard error so far. */
  readonly errors: string;
}

/** Starts `partyline` with `args`; whoever profiles this process profiles it, too. */
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
  // Its end is told by `ended`; a write that comes too late is no error of ours.
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
