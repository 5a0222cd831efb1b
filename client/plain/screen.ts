// Where the plain face reads lines and prints: a terminal with a prompt, or a plain pair of streams.
import type { Readable } from 'node:stream';
import { readLines } from '../stdio/input.js';
import type { Line } from '../commands/line.js';
import type { Output } from '../stdio/output.js';

export interface Screen {
  print(lines: readonly string[]): void;
  /** Shows what may have changed about the prompt. */
  refresh(): void;
  /** What is typed, until the end of input. */
  lines(): AsyncIterable<Line>;
  /** Resolves when somebody wants to leave at once. */
  readonly interrupted: Promise<void>;
  /** Gives the input back. */
  close(): void;
}

/** Whole lines in and out, nothing else: for pipes, files and terminals that can do no more. */
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
