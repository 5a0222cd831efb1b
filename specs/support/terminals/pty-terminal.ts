// `partyline` in a pseudo-terminal, and the screen that a person would see.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Pty from '@lydell/node-pty';
import { EmulatedScreen } from './emulated-screen.js';
import type { Keeper } from '../keeper.js';
import { until } from '../until.js';

const { spawn }: typeof Pty = createRequire(import.meta.url)('@lydell/node-pty');
const PROGRAM = fileURLToPath(new URL('../../../../bin/partyline.js', import.meta.url));

export interface PtyWishes {
  readonly args: readonly string[];
  /** The program that Node runs; `partyline` by default. */
  readonly program?: string;
  /** Whether the program is started by typing into a shell with job control. */
  readonly isInShell?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class PtyTerminal {
  readonly screen: EmulatedScreen;
  readonly #pty: Pty.IPty;
  #isGone = false;
  /** All output of the program. */
  written = '';
  /** Called with each new piece of output. */
  onWritten: (bytes: string) => void = () => undefined;
  /** Resolves with the exit code when the program has ended. */
  readonly ended: Promise<number>;

  constructor(t: Keeper, wishes: PtyWishes) {
    const { args, program = PROGRAM, columns = 80, rows = 24, env = {}, isInShell = false } = wishes;
    this.screen = new EmulatedScreen(columns, rows);
    const { NO_COLOR: _colour, ...inherited } = process.env;
    const command = [process.execPath, program, ...args] as const;
    this.#pty = spawn(isInShell ? '/bin/sh' : command[0], isInShell ? ['-i'] : command.slice(1), {
      cols: columns,
      rows,
      name: env['TERM'] ?? 'xterm-256color',
      env: { ...inherited, COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...env },
    });
    this.#pty.onData((bytes) => {
      this.written += bytes;
      this.onWritten(bytes);
      void this.screen.write(bytes);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isGone = true;
        resolve(exitCode);
      });
    });
    t.teardown(() => this.kill());
    if (isInShell) this.type(`${command.map((word) => `'${word}'`).join(' ')}\r`);
  }

  /** The process id of the program, or of the shell. */
  get pid(): number {
    return this.#pty.pid;
  }

  get text(): string {
    return this.screen.lines.join('\n');
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  paste(text: string): void {
    this.type(`\u001b[200~${text}\u001b[201~`);
  }

  click(x: number, y: number): void {
    this.type(`\u001b[<0;${x + 1};${y + 1}M\u001b[<0;${x + 1};${y + 1}m`);
  }

  resize(columns: number, rows: number): void {
    this.screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Accepts no output until `resume`. */
  pause(): void {
    this.#pty.pause();
  }

  resume(): void {
    this.#pty.resume();
  }

  /** Closes the terminal, as closing its window does. */
  hangUp(): void {
    if (isClosable(this.#pty)) this.#pty.destroy();
  }

  async kill(): Promise<void> {
    if (!this.#isGone) this.#pty.kill('SIGKILL');
    await this.ended;
  }

  /** Waits until the screen shows `text`. Fails with the content of the screen. */
  async shows(text: string | RegExp, deadlineMs?: number): Promise<void> {
    const isThere = (): boolean =>
      typeof text === 'string' ? this.text.includes(text) : text.test(this.text);
    await this.until(isThere, String(text), deadlineMs);
  }

  async until(condition: () => boolean, what: string, deadlineMs?: number): Promise<void> {
    try {
      await until(condition, what, deadlineMs);
    } catch (error) {
      throw new Error(`${String(error)}; the screen:\n${this.text}`, { cause: error });
    }
  }

  /** The position of `text`. Fails if it is not on the screen. */
  at(text: string): { readonly x: number; readonly y: number } {
    const place = this.screen.find(text);
    if (place === undefined) throw new Error(`${text} is not on the screen:\n${this.text}`);
    return place;
  }
}

/** A method that the types of the pty omit. */
function isClosable(pty: object): pty is { destroy(): void } {
  return 'destroy' in pty;
}
