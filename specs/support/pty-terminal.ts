// `partyline` in a real pseudo-terminal, and the screen that a person would see.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Pty from '@lydell/node-pty';
import type { ExecutionContext } from 'ava';
import { EmulatedScreen } from './emulated-screen.js';
import { until } from './until.js';

const { spawn }: typeof Pty = createRequire(import.meta.url)('@lydell/node-pty');
const PROGRAM = fileURLToPath(new URL('../../../bin/partyline.js', import.meta.url));

export interface PtyWishes {
  readonly args: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class PtyTerminal {
  readonly screen: EmulatedScreen;
  readonly #pty: Pty.IPty;
  #isGone = false;
  /** All that the program ever wrote. */
  written = '';
  /** Resolves with the exit code when the program has ended. */
  readonly ended: Promise<number>;

  constructor(t: ExecutionContext, { args, columns = 80, rows = 24, env = {} }: PtyWishes) {
    this.screen = new EmulatedScreen(columns, rows);
    const { NO_COLOR: _colour, ...inherited } = process.env;
    this.#pty = spawn(process.execPath, [PROGRAM, ...args], {
      cols: columns,
      rows,
      name: 'xterm-256color',
      env: { ...inherited, COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...env },
    });
    this.#pty.onData((bytes) => {
      this.written += bytes;
      void this.screen.write(bytes);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isGone = true;
        resolve(exitCode);
      });
    });
    t.teardown(() => this.kill());
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
    process.kill(this.#pty.pid, signal);
  }

  async kill(): Promise<void> {
    if (!this.#isGone) this.#pty.kill('SIGKILL');
    await this.ended;
  }

  /** Waits until the screen shows `text`; fails with what it shows instead. */
  async shows(text: string | RegExp, deadlineMs = 15_000): Promise<void> {
    const isThere = (): boolean =>
      typeof text === 'string' ? this.text.includes(text) : text.test(this.text);
    await this.until(isThere, String(text), deadlineMs);
  }

  async until(condition: () => boolean, what: string, deadlineMs = 15_000): Promise<void> {
    try {
      await until(condition, what, deadlineMs);
    } catch (error) {
      throw new Error(`${String(error)}; the screen:\n${this.text}`, { cause: error });
    }
  }

  /** Where `text` stands; fails when it does not. */
  at(text: string): { readonly x: number; readonly y: number } {
    const place = this.screen.find(text);
    if (place === undefined) throw new Error(`${text} is not on the screen:\n${this.text}`);
    return place;
  }
}
