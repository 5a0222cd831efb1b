// The input of a prompt: a terminal's bytes without pastes, mouse events, answers, and keys that edit nothing.
// A paste never ends the typed line. Its line breaks become marks, which the prompt turns back when the line is entered.
import { Readable } from 'node:stream';
import type { Schedule } from '../../core/time/clock.js';
import type { InputEvent, PasteEvent } from '../../screen/keys/parser.js';
import { KeyReader } from '../../screen/keys/reader.js';
import { readlineBytes } from './readline-keys.js';

/** A line break within the typed line: a character for private use, because `readline` takes a line feed as Enter. */
export const LINE_BREAK = '\uf8ff';

/** UTF-16 units. A longer text without marks was not typed at once. */
const TYPED_MAX = 1_024;

export interface TypedInputParts {
  readonly input: Readable & { readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly schedule: Schedule;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
  /** Returns the text to insert for a paste: one line in which `LINE_BREAK` stands for each line break. */
  readonly paste: (text: string, event: PasteEvent) => string;
}

export class TypedInput extends Readable {
  readonly #parts: TypedInputParts;
  readonly #keys: KeyReader;

  constructor(parts: TypedInputParts) {
    super();
    this.#parts = parts;
    this.#keys = new KeyReader({
      ...parts,
      isAwaited: () => false,
      // `tmux send-keys TEXT Enter`, dictation and Braille keyboards send a line at once.
      marksPastes: () => true,
      handle: (event) => this.#handle(event),
    });
    const { input } = parts;
    input.on('data', this.#read);
    // A terminal that hangs up fails with an error. It counts as the end of input.
    for (const event of ['end', 'close', 'error']) input.once(event, () => this.#end());
  }

  /** Called by `readline`. */
  setRawMode(isRaw: boolean): void {
    this.#parts.input.setRawMode?.(isRaw);
  }

  /** Reports that the typed line is about to be shown. */
  noteFrame(): void {
    this.#keys.noteFrame();
  }

  /** Nothing is asked for: the terminal sends while it is not paused. */
  override _read(): void {}

  override pause(): this {
    this.#parts.input.pause();
    return super.pause();
  }

  override resume(): this {
    this.#parts.input.resume();
    return super.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#keys.stop();
    this.#parts.input.off('data', this.#read);
    this.#parts.input.pause();
    done(error);
  }

  readonly #read = (chunk: Buffer | string): void => this.#keys.read(Buffer.from(chunk));

  #end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  #handle(event: InputEvent): void {
    const bytes = this.#bytesOf(event);
    if (bytes !== null && bytes !== '') this.push(bytes);
  }

  #bytesOf(event: InputEvent): string | null {
    switch (event.kind) {
      case 'text':
        if (event.text.length <= TYPED_MAX) return typed(event.text);
        return this.#bytesOf({ kind: 'paste', text: event.text, hasEnter: false, isCut: false });
      case 'line':
        return `${typed(event.text)}\r`;
      case 'key':
        return readlineBytes(event.key);
      case 'paste':
        return this.#parts.paste(pasted(event.text), event);
      case 'mouse':
      case 'report':
        return null;
    }
  }
}

/** The text without the mark, which only a paste may contain. */
const typed = (text: string): string => text.replaceAll(LINE_BREAK, '');

/** The text with marks for its line breaks, except those at its end, and without control characters. */
const pasted = (text: string): string =>
  typed(text)
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/\t/g, ' ')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')
    .replace(/\n+$/, '')
    .replaceAll('\n', LINE_BREAK);
