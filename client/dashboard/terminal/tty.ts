// The terminal as a device: raw input with pastes and the mouse told apart, output that never holds the program up, and
// everything as it was afterwards, however the program ends. Knows nothing of what is typed or shown.
import type { ReadStream, WriteStream } from 'node:tty';
import { StringDecoder } from 'node:string_decoder';
import type { Schedule } from '../../../core/time/clock.js';
import { type InputEvent, InputParser } from '../input/keys/parser.js';

const PASTE_ON = '\u001b[?2004h';
const MOUSE_ON = '\u001b[?1000h\u001b[?1002h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l\u001b[?1000l';
/** Ends an update, a link, a paste, the mouse, the alternate screen; shows the cursor; back to plain text. */
const ALL_OFF = `\u001b[?2026l\u001b]8;;\u001b\\\u001b[?2004l${MOUSE_OFF}\u001b[0m\u001b[?1049l\u001b[?25h\u001b[?1l\u001b>`;

/** An escape that nothing follows within this time was the key. */
const ESCAPE_MS = 40;
/** How long a terminal may take for the last of what was written to it. */
const SETTLE_MS = 1_000;

/** Whether a terminal can show the dashboard at all. */
export function canShowDashboard(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  return isTerminal && env['TERM'] !== 'dumb';
}

export interface TtyParts {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly schedule: Schedule;
  readonly onInput: (event: InputEvent) => void;
}

export class Tty {
  readonly #parts: TtyParts;
  readonly #parser = new InputParser();
  readonly #decoder = new StringDecoder('utf8');
  #cancelEscape: () => void = () => undefined;
  #isTaken = false;
  #hasMouse = true;

  constructor(parts: TtyParts) {
    this.#parts = parts;
  }

  get hasMouse(): boolean {
    return this.#hasMouse;
  }

  /** Takes it, or takes it again from whoever had it meanwhile. */
  take(): void {
    const { input, output } = this.#parts;
    if (!this.#isTaken) {
      this.#isTaken = true;
      input.on('data', this.#read);
      process.on('exit', this.#restoreLate);
      // Node would wait until a terminal takes what is written, and all links would wait with it.
      output._handle?.setBlocking(false);
    }
    // What a shell has changed Node does not know of: only a change is carried out.
    input.setRawMode(false);
    input.setRawMode(true);
    input.resume();
    output.write(PASTE_ON + (this.#hasMouse ? MOUSE_ON : ''));
  }

  /** Leaves the mouse to the terminal, which can select text with it, or takes it. */
  toggleMouse(): void {
    this.#hasMouse = !this.#hasMouse;
    this.#parts.output.write(this.#hasMouse ? MOUSE_ON : MOUSE_OFF);
  }

  /** At once: there may be no later. */
  restore(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    const { input, output } = this.#parts;
    this.#cancelEscape();
    input.off('data', this.#read);
    process.off('exit', this.#restoreLate);
    if (!input.destroyed) {
      input.setRawMode(false);
      input.pause();
    }
    // One that has hung up has nothing left to restore.
    if (output.writable) output.write(ALL_OFF);
  }

  /** Waits until the terminal has taken what was written, but not for long; false when it has not. */
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
    // Nothing may be on its way when it waits again, as it did before.
    if (isTaken && !this.#isTaken) output._handle?.setBlocking(true);
    return isTaken;
  }

  readonly #restoreLate = (): void => this.restore();

  readonly #read = (chunk: Buffer): void => {
    this.#cancelEscape();
    for (const event of this.#parser.read(this.#decoder.write(chunk))) this.#parts.onInput(event);
    if (!this.#parser.isWaiting) return;
    this.#cancelEscape = this.#parts.schedule(ESCAPE_MS, () => {
      for (const event of this.#parser.flush()) this.#parts.onInput(event);
    });
  };
}
