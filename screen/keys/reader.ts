// The reader of a terminal's bytes: parses them, judges bursts, and settles what is incomplete after a quiet time.
// It does not open or write to a terminal.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Schedule } from '../../core/time/clock.js';
import { Bursts } from './bursts.js';
import { type InputEvent, InputParser } from './parser.js';
import type { StringKind } from './sequences/tokens.js';

export interface KeyReaderParts {
  readonly schedule: Schedule;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
  /** Whether `text` is the beginning of an answer of the terminal that was asked for and has not come. */
  readonly isAwaited: (kind: StringKind, text: string) => boolean;
  /** Whether the terminal is known to put marks around pastes. */
  readonly marksPastes: () => boolean;
  /** Receives each event in order. */
  readonly handle: (event: InputEvent) => void;
}

export class KeyReader {
  readonly #parts: KeyReaderParts;
  readonly #parser: InputParser;
  readonly #bursts: Bursts;
  #cancelQuiet: () => void = () => undefined;

  constructor(parts: KeyReaderParts) {
    this.#parts = parts;
    this.#parser = new InputParser({ now: parts.monotonicNow, isAwaited: parts.isAwaited });
    this.#bursts = new Bursts(parts.monotonicNow, parts.marksPastes);
  }

  /** Handles the bytes of one read. */
  read(chunk: Buffer): void {
    this.#cancelQuiet();
    this.#take(this.#parser.read(chunk));
  }

  /** Reports that the screen is about to be written. */
  noteFrame(): void {
    this.#bursts.seen();
  }

  /** Handles nothing that waits for quiet. */
  stop(): void {
    this.#cancelQuiet();
  }

  #take(events: readonly InputEvent[]): void {
    for (const event of this.#bursts.judge(events)) this.#parts.handle(event);
    this.#bursts.end();
    const { quietMs } = this.#parser;
    if (quietMs === null) return;
    let isQuiet = true;
    const settle = async (): Promise<void> => {
      // Let input that arrived while the process was busy be read first. Such input sets `isQuiet` to false.
      await nextTurn();
      if (isQuiet) this.#take(this.#parser.settle());
    };
    this.#cancelQuiet();
    const cancel = this.#parts.schedule(quietMs, () => void settle());
    this.#cancelQuiet = () => {
      isQuiet = false;
      cancel();
    };
  }
}
