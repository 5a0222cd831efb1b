// The status messages. The hint line shows the latest event or error for 8 s. The problem of an entered line is shown at the
// input line until the next key.
import type { Schedule } from '../../../core/time/clock.js';

const SHOWN_MS = 8_000;
const SLOW_MS = 1_000;

export interface StatusMessage {
  readonly kind: 'notification' | 'error';
  readonly text: string;
}

export class StatusMessages {
  #current: StatusMessage | null = null;
  #cancel: () => void = () => undefined;
  #problem: string | null = null;

  constructor(
    private readonly schedule: Schedule,
    private readonly onChange: () => void,
  ) {}

  /** The message to show now; null if no message is shown. */
  get current(): StatusMessage | null {
    return this.#current;
  }

  /** The problem of the line that was entered; null if the line has no problem. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Shows a problem at the input line, until the next key. */
  showProblem(text: string): void {
    this.#problem = text;
    this.onChange();
  }

  /** Removes the problem. Called when the user presses a key. */
  clearProblem(): void {
    this.#problem = null;
  }

  show(text: string, kind: StatusMessage['kind'] = 'notification'): void {
    this.clear();
    this.#current = { text, kind };
    this.#cancel = this.schedule(SHOWN_MS, () => this.clear());
    this.onChange();
  }

  /** Shows `text` if the work takes longer than 1 s. Call the returned function when the work is done: it removes the text. */
  showIfSlow(text: string): () => void {
    const cancel = this.schedule(SLOW_MS, () => this.show(text));
    return () => {
      cancel();
      if (this.#current?.text === text) this.clear();
    };
  }

  clear(): void {
    this.#cancel();
    if (this.#current === null) return;
    this.#current = null;
    this.onChange();
  }
}
