// The last row of a terminal: what is being typed, kept while events are printed above it. `readline` edits the line and
// keeps the history; the row is painted here, so that it is always one row and a password is never on it.

import { on } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import stringWidth from 'string-width';
import { z } from 'zod';
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

const lineEventSchema = z.tuple([z.string()]);

interface PromptParts {
  readonly input: Readable;
  readonly output: Output;
  /** How wide the terminal is now. */
  columns(): number;
  /** What stands before the line, e.g. `#lobby> `. */
  label(): string;
  /** @param line what stands before the cursor */
  complete(line: string): Completion;
}

export class Prompt implements Screen {
  readonly interrupted: Promise<void>;
  readonly #parts: PromptParts;
  readonly #editor: Interface;
  readonly #typed: AsyncIterable<unknown>;
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
    this.#typed = on(this.#editor, 'line', { close: ['close'] });
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
    parts.input.prependListener('keypress', this.#keyComes);
    parts.input.on('keypress', this.#keyPressed);
    // The editor sees the end of its input, not its destruction.
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

  /** Once for all keys of a turn, after the editor has dealt with them. */
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
      for await (const event of this.#typed) {
        const [line] = lineEventSchema.parse(event);
        yield parseLine(line);
      }
    } catch (error) {
      // A terminal that hangs up has ended, as a pipe has.
      if (!isBrokenInput(error)) throw error;
    }
  }

  close(): void {
    this.#editor.close();
  }

  /**
   * What comes in one piece, as a paste does, the editor puts at the end of the line, wherever the cursor is, because it has turned
   * completion off meanwhile. It stays on, but for a Tab in a paste.
   */
  readonly #keyComes = (_text: unknown, key: { readonly name?: string }): void => {
    if (key.name !== 'tab') Object.assign(this.#editor, { isCompletionEnabled: true });
  };

  readonly #keyPressed = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string }): void => {
    if (key.ctrl === true && key.name === 'l') this.#parts.output.write(CLEAR_SCREEN);
    this.refresh();
  };

  /** A command stays on the screen above its answer; a message comes back as a line of its own once it is accepted. */
  #entered(line: string): void {
    const secret = secretStart(line);
    const shown = secret === null ? line : line.slice(0, secret) + MASK;
    const isCommand = /^\s*\/(?!\/)/.test(line);
    this.print(isCommand ? [sanitiseLine(this.#parts.label() + shown)] : []);
  }

  #ended(): void {
    this.#isOpen = false;
    this.#parts.input.off('keypress', this.#keyComes);
    this.#parts.input.off('keypress', this.#keyPressed);
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
    // One column stays free: a terminal wraps when its last one is written.
    const room = Math.max(1, this.#parts.columns() - stringWidth(label) - 1);
    const before = fitting(cellsOf(sanitiseLine(shown.slice(0, cursor))).toReversed(), room).toReversed();
    const left = room - stringWidth(before.join(''));
    const after = fitting(cellsOf(sanitiseLine(shown.slice(cursor))), left).join('');
    const back = stringWidth(after);
    const move = back > 0 ? `\u001b[${back}D` : '';
    this.#parts.output.write(`${ERASE_ROW}${label}${before.join('')}${after}${move}`);
  }
}

/** As many of `cells` from the first as there is room for. */
function fitting(cells: ReturnType<typeof cellsOf>, columns: number): string[] {
  let left = columns;
  const index = cells.findIndex((cell) => {
    left -= cell.columns;
    return left < 0;
  });
  return cells.slice(0, index < 0 ? cells.length : index).map(({ text }) => text);
}

/** The editor's history begins with the line just entered. */
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
