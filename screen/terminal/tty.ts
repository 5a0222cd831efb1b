// The terminal as a device: raw input parsed to events, output that never blocks the process, and restoration of the terminal
// however the program ends. It does not interpret the events or compose the screen.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Schedule } from '../../core/time/clock.js';
import type { InputEvent, ReportEvent } from '../keys/parser.js';
import { KeyReader } from '../keys/reader.js';
import type { StringKind } from '../keys/sequences/tokens.js';
import { KeyboardModes } from './keyboard-modes.js';

const ALTERNATE_SCREEN = '\u001b[?1049h';
const PASTE_ON = '\u001b[?2004h';
const MOUSE_ON = '\u001b[?1000h\u001b[?1002h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l\u001b[?1000l';
/** The modes of a shell: no synchronized update, no open hyperlink, line wrapping on, bracketed paste and mouse off, the default style, the main screen, a visible cursor, and normal cursor keys and keypad. */
const ALL_OFF = `\u001b[?2026l\u001b[?7h\u001b]8;;\u001b\\\u001b[?2004l${MOUSE_OFF}\u001b[0m\u001b[?1049l\u001b[?25h\u001b[?1l\u001b>`;

/** How long a terminal may take to accept the last output. */
const SETTLE_MS = 1_000;

/** Whether the terminal can show a full-screen view. */
export function canShowScreen(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  return isTerminal && env['TERM'] !== 'dumb';
}

export interface TtyParts {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly schedule: Schedule;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
  /** `TERM` is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether `text` may be the beginning of an answer that this program has requested and not received yet. */
  readonly isAwaited: (kind: StringKind, text: string) => boolean;
  /** Whether the terminal is known to put marks around pastes. */
  readonly marksPastes: () => boolean;
  /** Receives the reports of the terminal. */
  readonly onReport: (report: ReportEvent) => void;
}

export class Tty {
  readonly #parts: TtyParts;
  readonly #keys: KeyReader;
  readonly #keyboard: KeyboardModes;
  /** Events that came before there was a handler. */
  readonly #early: InputEvent[] = [];
  #handle: (event: InputEvent) => void = (event) => void this.#early.push(event);
  #isTaken = false;
  /** Whether keys are ignored, because the terminal is about to be restored. */
  #isLeaving = false;
  #hasMouse = true;

  constructor(parts: TtyParts) {
    this.#parts = parts;
    this.#keys = new KeyReader({ ...parts, handle: (event) => this.#accept(event) });
    this.#keyboard = new KeyboardModes(parts.env['TERM']);
  }

  get hasMouse(): boolean {
    return this.#hasMouse;
  }

  /** Sends events to `handle`, starting with the events that came before this call. */
  onInput(handle: (event: InputEvent) => void): void {
    this.#handle = handle;
    for (const event of this.#early.splice(0)) handle(event);
  }

  /** Puts the terminal into raw mode. Called at the start, and again after a shell has used the terminal. */
  take(): void {
    const { input, output } = this.#parts;
    this.#isLeaving = false;
    if (!this.#isTaken) {
      this.#isTaken = true;
      input.on('data', this.#read);
      process.on('exit', this.#restoreLate);
      // By default Node writes to a terminal synchronously. Then a terminal that accepts no output would block the whole process,
      // including the links.
      output._handle?.setBlocking(false);
    }
    // Node ignores a call that sets the mode it set last, although a shell may have changed the mode since. So set the other mode
    // first.
    input.setRawMode(false);
    input.setRawMode(true);
    input.resume();
    // Enter the alternate screen first, because the keyboard modes apply to the current screen only.
    output.write(ALTERNATE_SCREEN + this.#keyboard.on() + PASTE_ON + (this.#hasMouse ? MOUSE_ON : ''));
  }

  /** Whether the terminal can be written to and read. */
  get isUsable(): boolean {
    const { input, output } = this.#parts;
    return this.#isTaken && output.writable && !input.destroyed && !input.readableEnded;
  }

  /** Writes a query. */
  ask(query: string): void {
    this.#parts.output.write(query);
  }

  /**
   * Switches mouse reports and bracketed paste off, and ignores keys from now on. Only reports of the terminal still have an
   * effect.
   */
  quieten(): void {
    this.#isLeaving = true;
    this.#parts.output.write(`\u001b[?2004l${MOUSE_OFF}`);
  }

  /** Restores the keyboard modes. Call it before leaving the alternate screen. */
  releaseKeyboard(): void {
    const { output } = this.#parts;
    if (output.writable) output.write(this.#keyboard.off());
  }

  /** Reports that the screen is about to be written. */
  noteFrame(): void {
    this.#keys.noteFrame();
  }

  /** Releases the mouse, which lets the user select text in the terminal, or captures the mouse again. */
  toggleMouse(): void {
    this.#hasMouse = !this.#hasMouse;
    this.#parts.output.write(this.#hasMouse ? MOUSE_ON : MOUSE_OFF);
  }

  /** Restores the terminal synchronously, because the process may be exiting. */
  restore(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    const { input, output } = this.#parts;
    this.#keys.stop();
    input.off('data', this.#read);
    process.off('exit', this.#restoreLate);
    if (!input.destroyed) {
      input.setRawMode(false);
      input.pause();
    }
    // A terminal that has hung up cannot be written to.
    if (output.writable) output.write(this.#keyboard.off() + ALL_OFF);
  }

  /** Resolves true once the terminal has accepted all output, or false after 1 s. */
  async settled(): Promise<boolean> {
    const { output, schedule } = this.#parts;
    const isTaken = await new Promise<boolean>((resolve) => {
      if (output.writableLength === 0 || !output.writable) return resolve(output.writable);
      const cancel = schedule(SETTLE_MS, () => resolve(false));
      output.write('', (error) => {
        cancel();
        resolve(!error);
      });
    });
    // Blocking mode is safe again only when no output is pending.
    if (isTaken && !this.#isTaken) output._handle?.setBlocking(true);
    return isTaken;
  }

  readonly #restoreLate = (): void => this.restore();

  readonly #read = (chunk: Buffer): void => this.#keys.read(chunk);

  readonly #accept = (event: InputEvent): void => {
    if (event.kind === 'report') {
      this.#keyboard.note(event);
      this.#parts.onReport(event);
    }
    if (!this.#isLeaving) this.#handle(event);
  };
}
