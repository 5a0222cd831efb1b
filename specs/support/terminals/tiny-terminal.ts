// A terminal with just what a prompt needs: its rows after all output. It neither scrolls nor wraps.
import { Writable } from 'node:stream';

const SEQUENCE = /\u001b\[\??(\d*)([A-Za-z])/y;

export class TinyTerminal extends Writable {
  columns = 40;
  /** All output. */
  written = '';
  #rows: string[] = [''];
  #row = 0;
  #column = 0;

  /** The rows without trailing blanks. */
  get rows(): readonly string[] {
    return this.#rows.map((row) => row.trimEnd());
  }

  get cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const text = chunk.toString();
    this.written += text;
    for (let at = 0; at < text.length; at += 1) {
      SEQUENCE.lastIndex = at;
      const sequence = SEQUENCE.exec(text);
      if (sequence === null) this.#put(text.charAt(at));
      else {
        this.#obey(sequence[2] ?? '', Number(sequence[1] ?? ''));
        at = SEQUENCE.lastIndex - 1;
      }
    }
    done();
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') {
      this.#row += 1;
      this.#column = 0;
      this.#rows[this.#row] ??= '';
    } else {
      const row = this.#rows[this.#row] ?? '';
      this.#rows[this.#row] =
        row.slice(0, this.#column).padEnd(this.#column) + character + row.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #obey(command: string, count: number): void {
    if (command === 'K') this.#rows[this.#row] = (this.#rows[this.#row] ?? '').slice(0, this.#column);
    else if (command === 'D') this.#column = Math.max(0, this.#column - count);
    else if (command === 'H') [this.#row, this.#column] = [0, 0];
    else if (command === 'J') this.#rows = [''];
    else if (!'mhl'.includes(command)) throw new Error(`the tiny terminal does not know ${command}`);
  }
}
