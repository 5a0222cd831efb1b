// The prompt: the last row of a terminal, with the line being typed. Events are printed above it.
// `readline` edits the line and keeps the history. The prompt paints the row itself, so that it is always one row and never
// shows a password.
import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import stringWidth from 'string-width';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { isBrokenInput } from '../stdio/input.js';
import { type Line, parseLine, secretStart } from '../commands/line.js';
import type { Output } from '../stdio/output.js';
import type { Completion } from '../wording/completion.js';
import { folded } from './fold.js';
import type { Screen } from './screen.js';
import { cellsOf } from '../wording/width.js';

const ERASE_ROW = '\r\u001b[K';
const CLEAR_SCREEN = '\u001b[H\u001b[2J';
const HISTORY_SIZE = 500;
const MASK = '********';

interface PromptParts {
  readonly input: Readable;
  readonly output: Output;
  /** The present width of the terminal. */
  columns(): number;
  /** The text before the line, e.g. `#lobby> `. */
  label(): string;
  /** @param line the text before the cursor */
  complete(line: string): Completion;
}

export class Prompt implements Screen {
  readonly interrupted: Promise<void>;
  readonly #parts: PromptParts;
  readonly #editor: Interface;
  readonly #typedLines: AsyncIterable<string>;
  #isOpen = true;
  #isStale = false;

  constructor(parts: PromptParts) {
    this.#parts = parts;
    this.#editor = createInterface({
      input: parts.input,
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
      this.#editor.prompt(true);
      this.refresh();
    });
    parts.input.prependListener('keypress', this.#beforeKey);
    parts.input.on('keypress', this.#afterKey);
    // The editor notices the end of its input but not its destruction.
    parts.input.once('close', () => this.close());
    this.#paint();
  }

  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const columns = this.#parts.columns();
    const rows = lines.flatMap((line) => folded(line, columns));
    const text = rows.map((row) => `${row}\n`).join('');
    this.#parts.output.write(this.#isOpen ? ERASE_ROW + text : text);
    this.#paint();
  }

  /** Paints once for all keys of a turn, after the editor has handled them. */
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
      for await (const line of this.#typedLines) yield parseLine(line);
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
  readonly #beforeKey = (_text: unknown, key: { readonly name?: string }): void => {
    if (key.name !== 'tab') Object.assign(this.#editor, { isCompletionEnabled: true });
  };

  readonly #afterKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.ctrl === true && key.name === 'l') this.#parts.output.write(CLEAR_SCREEN);
    this.refresh();
  };

  /** Prints a command, so that it stays above its answer. A message is not printed: an accepted one gets a line as an event. */
  #entered(line: string): void {
    const secret = secretStart(line);
    const shown = secret === null ? line : line.slice(0, secret) + MASK;
    const isCommand = /^\s*\/(?!\/)/.test(line);
    this.print(isCommand ? [sanitiseLine(this.#parts.label() + shown)] : []);
  }

  #ended(): void {
    this.#isOpen = false;
    this.#parts.input.off('keypress', this.#beforeKey);
    this.#parts.input.off('keypress', this.#afterKey);
    this.#parts.output.write(ERASE_ROW);
  }

  #complete(line: string): [string[], string] {
    const { hits, word } = this.#parts.complete(line);
    if (hits.length > 1) this.print([hits.join('  ')]);
    return [[...hits], word];
  }

  #paint(): void {
    if (!this.#isOpen) return;
    const { line, cursor } = this.#editor;
    const label = sanitiseLine(this.#parts.label());
    const secret = secretStart(line) ?? line.length;
    const shown = line.slice(0, secret) + '*'.repeat(line.length - secret);
    // One column stays free: a terminal wraps when its last column is written.
    const room = Math.max(1, this.#parts.columns() - stringWidth(label) - 1);
    const before = fitting(cellsOf(sanitiseLine(shown.slice(0, cursor))).toReversed(), room).toReversed();
    const left = room - stringWidth(before.join(''));
    const after = fitting(cellsOf(sanitiseLine(shown.slice(cursor))), left).join('');
    const back = stringWidth(after);
    const move = back > 0 ? `\u001b[${back}D` : '';
    this.#parts.output.write(`${ERASE_ROW}${label}${before.join('')}${after}${move}`);
  }
}

/** The longest start of `cells` that fits into `columns`. */
function fitting(cells: ReturnType<typeof cellsOf>, columns: number): string[] {
  let left = columns;
  const index = cells.findIndex((cell) => {
    left -= cell.columns;
    return left < 0;
  });
  return cells.slice(0, index < 0 ? cells.length : index).map(({ text }) => text);
}

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
