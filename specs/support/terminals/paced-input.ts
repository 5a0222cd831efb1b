// A parser of terminal input and its clock: specs read bytes and let time pass between the reads.
import { type InputEvent, InputParser } from '../../../screen/keys/parser.js';
import type { StringRules } from '../../../screen/keys/sequences/string-reader.js';
import { beginsAnswer } from '../../../screen/terminal/reports.js';

/** The answers to the probe are awaited, as they are after the start of a dashboard. */
export const awaitsAnswers: StringRules['isAwaited'] = beginsAnswer;

export class PacedInput {
  readonly #parser: InputParser;
  #nowMs = 0;

  /** @param isAwaited by default no answer is awaited */
  constructor(isAwaited: StringRules['isAwaited'] = () => false) {
    this.#parser = new InputParser({ now: () => this.#nowMs, isAwaited });
  }

  /** The milliseconds of quiet after which waiting input is decided; null if no input waits. */
  get quietMs(): number | null {
    return this.#parser.quietMs;
  }

  read(bytes: string | Uint8Array): readonly InputEvent[] {
    return this.#parser.read(Buffer.from(bytes));
  }

  /** Lets time pass without input. */
  pass(ms: number): readonly InputEvent[] {
    const events: InputEvent[] = [];
    const end = this.#nowMs + ms;
    for (let { quietMs } = this; quietMs !== null && this.#nowMs + quietMs <= end; { quietMs } = this) {
      this.#nowMs += quietMs;
      events.push(...this.#parser.settle());
    }
    this.#nowMs = end;
    return events;
  }
}
