// The prompt of a terminal: the keys and the line being typed. `readline` edits the line and keeps the history; a painter shows the
// line, so that no password is shown.
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { limits } from '../../core/protocol/limits.js';
import type { PasteEvent } from '../../screen/keys/parser.js';
import { isBrokenInput } from '../stdio/input.js';
import { type Line, parseLine, secretStart } from '../commands/line.js';
import type { Output } from '../stdio/output.js';
import type { Completion } from '../wording/completion.js';
import type { Painter, ShownLine } from './painter.js';
import type { Screen } from './screen.js';
import { LINE_BREAK, TypedInput, type TypedInputParts } from './typed-input.js';

const HISTORY_SIZE = 500;
const MASK = '********';
/** The sign for a line break within the typed line. */
const RETURN_SIGN = '\u23ce';
const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';

interface PromptParts extends Omit<TypedInputParts, 'paste'> {
  readonly output: Output;
  readonly painter: Painter;
  /** Prints an explanation of what happened to a paste. */
  readonly note: (kind: 'system' | 'error', text: string) => void;
  /** @param line the text before the cursor */
  complete(line: string): Completion;
}

export class Prompt implements Screen {
  readonly interrupted: Promise<void>;
  readonly #parts: PromptParts;
  readonly #input: TypedInput;
  readonly #editor: Interface;
  readonly #typedLines: AsyncIterable<string>;
  #isOpen = true;
  #isStale = false;

  constructor(parts: PromptParts) {
    this.#parts = parts;
    this.#input = new TypedInput({ ...parts, paste: (text, event) => this.#pasted(text, event) });
    this.#editor = createInterface({
      input: this.#input,
      output: nowhere(),
      terminal: true,
      historySize: HISTORY_SIZE,
      removeHistoryDuplicates: true,
      completer: (line: string) => this.#complete(line),
    });
    this.#typedLines = this.#editor[Symbol.asyncIterator]();
    this.interrupted = new Promise((resolve) => {
      this.#editor.on('SIGINT', () => {
        resolve();
        this.close();
      });
    });
    this.#editor.on('history', forgetSecret);
    this.#editor.on('line', (line) => this.#entered(line));
    this.#editor.on('close', () => this.#ended());
    this.#editor.on('SIGCONT', () => {
      parts.output.write(PASTE_ON);
      this.#editor.prompt(true);
      this.refresh();
    });
    this.#input.prependListener('keypress', this.#beforeKey);
    this.#input.on('keypress', this.#afterKey);
    // The editor notices the end of its input but not its destruction.
    parts.input.once('close', () => this.close());
    parts.output.write(PASTE_ON);
    this.#paint();
  }

  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const { output, painter } = this.#parts;
    output.write(painter.print(lines, this.#isOpen ? this.#shown() : null));
  }

  /** Paints once for all keys that arrive together, after the editor has handled them. */
  refresh(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    setImmediate(() => {
      this.#isStale = false;
      this.#paint();
    });
  }

  async *lines(): AsyncGenerator<Line, void> {
    try {
      for await (const line of this.#typedLines) yield parseLine(line.replaceAll(LINE_BREAK, '\n'));
    } catch (error) {
      // A terminal that hangs up counts as the end of input.
      if (!isBrokenInput(error)) throw error;
    }
  }

  close(): void {
    this.#editor.close();
  }

  /**
   * Keeps completion on, except for a Tab in a paste. The editor turns completion off while it reads text that arrives in one
   * piece, such as a paste. It then appends the text to the line instead of inserting it at the cursor.
   */
  readonly #beforeKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.name !== 'tab') Object.assign(this.#editor, { isCompletionEnabled: true });
    // The editor stops the process for this key.
    if (key.ctrl === true && key.name === 'z') this.#parts.output.write(PASTE_OFF);
  };

  readonly #afterKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.ctrl === true && key.name === 'l')
      this.#parts.output.write(this.#parts.painter.repeat(this.#shown()));
    this.refresh();
  };

  #entered(line: string): void {
    const secret = secretStart(line);
    const before = secret === null ? line : line.slice(0, secret) + MASK;
    const isCommand = /^\s*\/(?!\/)/.test(line);
    this.#parts.output.write(this.#parts.painter.enter({ before: withSigns(before), after: '' }, isCommand));
  }

  #ended(): void {
    this.#isOpen = false;
    this.#input.off('keypress', this.#beforeKey);
    this.#input.off('keypress', this.#afterKey);
    this.#input.destroy();
    this.#parts.output.write(this.#parts.painter.end() + PASTE_OFF);
  }

  /** The text to insert for a paste, after an explanation if it needs one. */
  #pasted(text: string, event: PasteEvent): string {
    const { note } = this.#parts;
    const bytes = Buffer.byteLength(event.text);
    const room = limits.messageMaxBytes - Buffer.byteLength(this.#editor.line);
    if (bytes > room) {
      const draft = this.#editor.line === '' ? '' : ' together with the typed text';
      note(
        'error',
        `The pasted text has ${bytes} bytes and was not inserted: a message has at most ${limits.messageMaxBytes} bytes${draft}.`,
      );
      return '';
    }
    const lines = text.split(LINE_BREAK).length;
    if (lines > 1)
      note(
        'system',
        `The pasted text has ${lines} lines. Enter sends them as one message, Ctrl+U erases them.`,
      );
    else if (event.hasEnter)
      note(
        'system',
        'Enter came together with text, as in a paste, and had no effect. Press Enter to go on.',
      );
    return text;
  }

  #complete(line: string): [string[], string] {
    const { hits, word } = this.#parts.complete(line);
    if (hits.length > 1) this.print([hits.join('  ')]);
    return [[...hits], word];
  }

  #paint(): void {
    this.#input.noteFrame();
    if (this.#isOpen) this.#parts.output.write(this.#parts.painter.paint(this.#shown()));
  }

  #shown(): ShownLine {
    const { line, cursor } = this.#editor;
    const secret = secretStart(line) ?? line.length;
    const shown = line.slice(0, secret) + '*'.repeat(line.length - secret);
    return { before: withSigns(shown.slice(0, cursor)), after: withSigns(shown.slice(cursor)) };
  }
}

const withSigns = (text: string): string => text.replaceAll(LINE_BREAK, RETURN_SIGN);

/** Removes a line with a password from the history, whose first entry is the newest. */
function forgetSecret(history: string[]): void {
  const [newest] = history;
  if (newest !== undefined && secretStart(newest) !== null) history.shift();
}

function nowhere(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
}
