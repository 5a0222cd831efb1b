// The state of the help: whether it is shown, and how far it is scrolled.

export class Help {
  readonly #onChange: () => void;
  #isShown = false;
  #scroll = 0;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get isShown(): boolean {
    return this.#isShown;
  }

  get scroll(): number {
    return this.#scroll;
  }

  toggle(): void {
    this.#isShown = !this.#isShown;
    this.#scroll = 0;
    this.#onChange();
  }

  /** @param last the greatest scroll that shows something */
  scrollBy(rows: number, last: number): void {
    this.#scroll = Math.max(0, Math.min(last, this.#scroll + rows));
    this.#onChange();
  }
}
