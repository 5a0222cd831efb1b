// What was entered before, newest last, and how it is looked through. Nothing secret is ever given to it.

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

  /** The one entered `back` lines ago, 1 being the newest; undefined beyond the oldest. */
  at(back: number): string | undefined {
    return back < 1 ? undefined : this.#entries[this.#entries.length - back];
  }

  /** How far back the next one that contains `text` is, beyond `from`; null without any. */
  find(text: string, from: number): number | null {
    const folded = text.toLowerCase();
    for (let back = from + 1; back <= this.#entries.length; back += 1) {
      if (this.at(back)?.toLowerCase().includes(folded) === true) return back;
    }
    return null;
  }
}
