// The screen of the plain face: reads lines and prints. A terminal's prompt implements it, and so does a pair of streams.
import type { Readable } from 'node:stream';
import { readLines } from '../stdio/input.js';
import type { Line } from '../commands/line.js';
import type { Output } from '../stdio/output.js';

export interface Screen {
  print(lines: readonly string[]): void;
  /** Shows the present state of the prompt. */
  refresh(): void;
  /** The typed lines, until the end of input. */
  lines(): AsyncIterable<Line>;
  /** Resolves when the user interrupts with Ctrl+C. */
  readonly interrupted: Promise<void>;
  /** Stops reading the input. */
  close(): void;
}

/** A screen of whole lines without a prompt, for pipes, files and dumb terminals. */
export function createPipeScreen(input: Readable, output: Output): Screen {
  return {
    print: (lines) => output.write(lines.map((line) => `${line}\n`).join('')),
    refresh: () => undefined,
    lines: () => readLines(input),
    interrupted: new Promise(() => undefined),
    close: () => {
      input.destroy();
    },
  };
}
