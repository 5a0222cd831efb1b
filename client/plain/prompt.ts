// The prompt of a terminal: the keys and the line being typed. `readline` edits the line and keeps the history; a painter shows the
// line, so that no password is shown.
import { createInterface, type Interface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';
import { isBrokenInput } from '../stdio/input.js';
import { type Line, parseLine, secretStart } from '../commands/line.js';
import type { Output } from '../stdio/output.js';
import type { Completion } from '../wording/completion.js';
import type { Painter, ShownLine } from './painter.js';
import type { Screen } from './screen.js';

const HISTORY_SIZE = 500;
const MASK = '********';

interface PromptParts {
  readonly input: Readable;
  readonly output: Output;
  readonly painter: Painter;
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
    if (key.ctrl === true && key.name === 'l')
      this.#parts.output.write(this.#parts.painter.repeat(this.#shown()));
    this.refresh();
  };

  #entered(line: string): void {
    const secret = secretStart(line);
    const before = secret === null ? line : line.slice(0, secret) + MASK;
    const isCommand = /^\s*\/(?!\/)/.test(line);
    this.#parts.output.write(this.#parts.painter.enter({ before, after: '' }, isCommand));
  }

  #ended(): void {
    this.#isOpen = false;
    this.#parts.input.off('keypress', this.#beforeKey);
    this.#parts.input.off('keypress', this.#afterKey);
    this.#parts.output.write(this.#parts.painter.end());
  }

  #complete(line: string): [string[], string] {
    const { hits, word } = this.#parts.complete(line);
    if (hits.length > 1) this.print([hits.join('  ')]);
    return [[...hits], word];
  }

  #paint(): void {
    if (this.#isOpen) this.#parts.output.write(this.#parts.painter.paint(this.#shown()));
  }

  #shown(): ShownLine {
    const { line, cursor } = this.#editor;
    const secret = secretStart(line) ?? line.length;
    const shown = line.slice(0, secret) + '*'.repeat(line.length - secret);
    return { before: shown.slice(0, cursor), after: shown.slice(cursor) };
  }
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
