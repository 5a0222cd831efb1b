// `partyline` in a pseudo-terminal, and the screen that a person would see.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as Pty from '@lydell/node-pty';
import { EmulatedScreen } from './emulated-screen.js';
import type { Keeper } from '../keeper.js';
import { until } from '../until.js';

const { spawn }: typeof Pty = createRequire(import.meta.url)('@lydell/node-pty');
const PROGRAM = fileURLToPath(new URL('../../../../bin/partyline.js', import.meta.url));

const ENTER = '\r';
/** Longer than the program waits before it takes an Enter as typed. An earlier Enter counts as part of a paste. */
const AFTER_TEXT_MS = 40;
const PASTE = '\u001b[200~';
/**
 * Text whose last character must appear before the cursor. A single character is left out, because it may answer a question and
 * not be shown.
 */
const ECHO = /[^\u0000-\u001f\u007f][^\u0000-\u0020\u007f]$/u;
/** A key, a mouse report, or an answer of the terminal. */
const SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|[P\]].*?\u001b\\|[^[OP\]])/gs;

export interface PtyWishes {
  readonly args: readonly string[];
  /** The program that Node runs; `partyline` by default. */
  readonly program?: string;
  /** Whether the program is started by typing into a shell with job control. */
  readonly isInShell?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The background that the terminal reports, in the form `rgb:ffff/ffff/ffff`; by default it reports none. */
  readonly background?: string;
  /** Whether the answers of the terminal wait until `releaseAnswers`, as over a slow connection. */
  readonly holdsAnswers?: boolean;
}

export class PtyTerminal {
  readonly screen: EmulatedScreen;
  readonly #pty: Pty.IPty;
  #isGone = false;
  /** The number of pieces of output. */
  #writes = 0;
  #writesAtKeys = 0;
  /** Whether Enter was the last key. */
  #isEntered = false;
  /** The last character of the text that was typed last, empty if it is unknown; null once Enter was typed. */
  #unseen: string | null = null;
  /** Keys that wait to be sent. */
  #queued = 0;
  #typing = Promise.resolve();
  #failure: unknown;
  #holdsAnswers = false;
  readonly #heldAnswers: string[] = [];
  /** All output of the program. */
  written = '';
  /** Called with each new piece of output. */
  onWritten: (bytes: string) => void = () => undefined;
  /** Resolves with the exit code when the program has ended. */
  readonly ended: Promise<number>;

  constructor(t: Keeper, wishes: PtyWishes) {
    const { args, program = PROGRAM, columns = 80, rows = 24, env = {}, isInShell = false } = wishes;
    this.screen = new EmulatedScreen(columns, rows);
    const { NO_COLOR: _colour, LC_ALL: _all, LC_CTYPE: _letters, ...inherited } = process.env;
    const command = [process.execPath, program, ...args] as const;
    this.#pty = spawn(isInShell ? '/bin/sh' : command[0], isInShell ? ['-i'] : command.slice(1), {
      cols: columns,
      rows,
      name: env['TERM'] ?? 'xterm-256color',
      env: { ...inherited, COLORTERM: 'truecolor', LANG: 'C.UTF-8', ...env },
    });
    this.#pty.onData((bytes) => {
      this.written += bytes;
      this.#writes += 1;
      this.onWritten(bytes);
      void this.screen.write(bytes);
    });
    if (wishes.background !== undefined) this.screen.answerBackground(wishes.background);
    this.#holdsAnswers = wishes.holdsAnswers === true;
    this.screen.onReply((bytes) => {
      if (this.#holdsAnswers) this.#heldAnswers.push(bytes);
      else if (!this.#isGone) this.type(bytes);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#isGone = true;
        resolve(exitCode);
      });
    });
    t.teardown(() => this.kill());
    if (isInShell) this.#pty.write(`${command.map((word) => `'${word}'`).join(' ')}\r`);
  }

  /** The process id of the program, or of the shell. */
  get pid(): number {
    return this.#pty.pid;
  }

  get text(): string {
    return this.screen.lines.join('\n');
  }

  /**
   * Types keys in order. An Enter is sent once the text before it has been on the screen for a while, because text and Enter sent
   * together count as a paste. Keys after an Enter are sent once the program has reacted to it.
   */
  type(keys: string): void {
    for (const part of keys.split(/(\r)/).filter((one) => one !== '')) this.send(part);
  }

  /** Sends bytes in one piece, after the keys that were typed before. */
  send(bytes: string): void {
    if (this.#queued === 0 && !this.#mustWait(bytes)) this.#send(bytes);
    else {
      this.#queued += 1;
      this.#typing = this.#sendAfter(this.#typing, bytes);
    }
  }

  /** Sends the answers that were held, and later ones at once. */
  releaseAnswers(): void {
    this.#holdsAnswers = false;
    for (const bytes of this.#heldAnswers.splice(0)) this.send(bytes);
  }

  #mustWait(part: string): boolean {
    return this.#isEntered || (part === ENTER && this.#unseen !== null);
  }

  async #sendAfter(before: Promise<void>, part: string): Promise<void> {
    await before;
    try {
      if (this.#mustWait(part)) await this.#reacted();
      this.#send(part);
    } catch (error) {
      this.#failure ??= error;
    }
    this.#queued -= 1;
  }

  /** Resolves after the time in which the program takes an Enter as part of the text before it (30 ms). */
  burstIsOver(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, AFTER_TEXT_MS));
  }

  /** Resolves when the program has shown the text that was typed last, or has reacted to Enter. */
  async #reacted(): Promise<void> {
    const tail = this.#unseen;
    // A password is shown as marks, and in ASCII a letter without its accent.
    const echoes = [tail ?? '', (tail ?? '').normalize('NFD').slice(0, 1), '•', '*'];
    const isShown = (): boolean =>
      this.#isGone ||
      (this.#writes > this.#writesAtKeys && echoes.some((echo) => this.screen.beforeCursor.endsWith(echo)));
    await until(isShown, `the effect of typing, at ${JSON.stringify(tail)}; the screen:\n${this.text}`);
    if (tail !== null) await this.burstIsOver();
  }

  #send(part: string): void {
    this.#isEntered = part === ENTER;
    const text = part.replaceAll(SEQUENCE, '');
    const isText = /[^\u0000-\u001f\u007f]/.test(text);
    if (this.#isEntered) this.#unseen = null;
    else if (isText) this.#unseen = part.startsWith(PASTE) ? '' : (ECHO.exec(text)?.[0].slice(-1) ?? '');
    this.#writesAtKeys = this.#writes;
    this.#pty.write(part);
  }

  paste(text: string): void {
    this.send(`\u001b[200~${text}\u001b[201~`);
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
      await until(() => this.#failure !== undefined || condition(), what, deadlineMs);
      if (this.#failure !== undefined) throw this.#failure;
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
