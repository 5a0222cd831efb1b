// The terminal as a device: raw input with pastes and the mouse told apart, and everything as it was afterwards, however
// the program ends. Knows nothing of what is typed or shown.
import type { ReadStream, WriteStream } from 'node:tty';
import { StringDecoder } from 'node:string_decoder';
import type { Schedule } from '../../core/clock.js';
import { type InputEvent, InputParser } from './keys/parser.js';

const PASTE_ON = '\u001b[?2004h';
const MOUSE_ON = '\u001b[?1000h\u001b[?1002h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l\u001b[?1000l';
/** Ends an update, a link, a paste, the mouse, the alternate screen; shows the cursor; back to plain text. */
const ALL_OFF = `\u001b[?2026l\u001b]8;;\u001b\\\u001b[?2004l${MOUSE_OFF}\u001b[0m\u001b[?1049l\u001b[?25h\u001b[?1l\u001b>`;

/** An escape that nothing follows within this time was the key. */
const ESCAPE_MS = 40;

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

  take(): void {
    if (this.#isTaken) return;
    const { input, output } = this.#parts;
    this.#isTaken = true;
    input.setRawMode(true);
    input.on('data', this.#read);
    input.resume();
    process.on('exit', this.#restoreLate);
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
    // A terminal takes it before this returns; one that has hung up has nothing left to restore.
    if (output.writable) output.write(ALL_OFF);
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
