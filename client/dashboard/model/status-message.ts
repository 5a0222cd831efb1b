// What the hint line tells of what has just happened, until it is no news any more. Paints nothing.
import type { Schedule } from '../../../core/time/clock.js';
import type { StatusMessage } from '../view/composed-screen.js';

const FLASH_MS = 8_000;
const SLOW_MS = 1_000;

export class StatusMessages {
  #current: StatusMessage | null = null;
  #cancel: () => void = () => undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly onChange: () => void,
  ) {}

  /** Null for nothing. */
  get current(): StatusMessage | null {
    return this.#current;
  }

  tell(text: string, kind: StatusMessage['kind']): void {
    this.end();
    this.#current = { text, kind };
    this.#cancel = this.schedule(FLASH_MS, () => this.end());
    this.onChange();
  }

  /** Tells it only when it takes long. @returns what is called when it is over */
  tellIfSlow(text: string): () => void {
    const cancel = this.schedule(SLOW_MS, () => this.tell(text, 'notification'));
    return () => {
      cancel();
      if (this.#current?.text === text) this.end();
    };
  }

  end(): void {
    this.#cancel();
    if (this.#current === null) return;
    this.#current = null;
    this.onChange();
  }
}
