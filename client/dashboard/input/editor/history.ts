// The history of entered lines, newest last. Callers never add secrets.

const ENTRIES_MAX = 500;

export class InputHistory {
  readonly #entries: string[] = [];

  add(text: string): void {
    const known = this.#entries.indexOf(text);
    if (known >= 0) this.#entries.splice(known, 1);
    this.#entries.push(text);
    if (this.#entries.length > ENTRIES_MAX) this.#entries.shift();
  }

  clear(): void {
    this.#entries.length = 0;
  }

  /** The line entered `back` lines ago; 1 is the newest. Undefined beyond the oldest. */
  at(back: number): string | undefined {
    return back < 1 ? undefined : this.#entries[this.#entries.length - back];
  }

  /** The position of the next older line after position `from` that contains `text`, ignoring case; null if no line matches. */
  find(text: string, from: number): number | null {
    const folded = text.toLowerCase();
    for (let back = from + 1; back <= this.#entries.length; back += 1) {
      if (this.at(back)?.toLowerCase().includes(folded) === true) return back;
    }
    return null;
  }
}
