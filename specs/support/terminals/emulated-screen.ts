// A terminal without a window: it accepts bytes, and its cells can be read.
import xterm, { type IUnicodeVersionProvider } from '@xterm/headless';
import { graphemeProvider } from './emulated-graphemes.js';

const FRAME_BEGIN = '\u001b[?2026h';
const FRAME_END = '\u001b[?2026l';
/** The beginning of a sequence whose end has not come. */
const CUT_SEQUENCE = /\u001b(?:\[[^@-~]*)?$/;

/** One column of the screen. A colour is null if it is the terminal's default. */
export interface EmulatedCell {
  readonly text: string;
  /** 0 in the right half of a wide grapheme. */
  readonly columns: number;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isItalic: boolean;
  readonly isUnderlined: boolean;
  readonly isInverse: boolean;
  readonly fg: string | null;
  readonly bg: string | null;
}

export class EmulatedScreen {
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  /** The beginning of a synchronized update, which a terminal shows at its end. */
  #held = '';

  /** @param widths the widths of characters; by default those of a current terminal */
  constructor(columns: number, rows: number, widths: IUnicodeVersionProvider = graphemeProvider) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    this.#terminal.unicode.register(widths);
    this.#terminal.unicode.activeVersion = widths.version;
  }

  /** Calls `handle` with each answer to a query. */
  onReply(handle: (bytes: string) => void): void {
    this.#terminal.onData(handle);
  }

  /** Answers queries for the background with this colour, in the form `rgb:ffff/ffff/ffff`. */
  answerBackground(colour: string): void {
    this.#terminal.parser.registerOscHandler(11, (data) => {
      if (data === '?') this.#terminal.input(`\u001b]11;${colour}\u001b\\`, false);
      return true;
    });
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  /** The rows without trailing blanks. */
  get lines(): readonly string[] {
    return Array.from({ length: this.rows }, (_, y) => (this.#line(y)?.translateToString() ?? '').trimEnd());
  }

  get cursor(): { readonly x: number; readonly y: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { x: cursorX, y: cursorY };
  }

  /** The text of the cursor's row before the cursor. */
  get beforeCursor(): string {
    const { x, y } = this.cursor;
    return this.#line(y)?.translateToString(false, 0, x) ?? '';
  }

  /** The modes that programs can switch on. */
  get modes(): { readonly isAlternate: boolean; readonly hasMouse: boolean; readonly hasPaste: boolean } {
    const { buffer, modes } = this.#terminal;
    return {
      isAlternate: buffer.active.type === 'alternate',
      hasMouse: modes.mouseTrackingMode !== 'none',
      hasPaste: modes.bracketedPasteMode,
    };
  }

  /** Resolves when the bytes are processed, except for a synchronized update that has not ended. */
  write(bytes: string): Promise<void> {
    const all = this.#held + bytes;
    const begin = all.lastIndexOf(FRAME_BEGIN);
    const cut = CUT_SEQUENCE.exec(all)?.index ?? all.length;
    const end = begin > all.lastIndexOf(FRAME_END) ? begin : cut;
    this.#held = all.slice(end);
    return new Promise((resolve) => this.#terminal.write(all.slice(0, end), resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** The first position of `text` from the top; undefined if it is not on the screen. */
  find(text: string): { readonly x: number; readonly y: number } | undefined {
    for (let y = 0; y < this.rows; y += 1) {
      const texts = Array.from({ length: this.columns }, (_, x) => this.cell(x, y));
      for (const [x] of texts.entries()) {
        const rest = texts
          .slice(x)
          .filter(({ columns }) => columns > 0)
          .map((cell) => cell.text)
          .join('');
        if (rest.startsWith(text) && texts[x]?.columns !== 0) return { x, y };
      }
    }
    return undefined;
  }

  /** The text of each cell of a row; empty in the right half of a wide grapheme and in a cell that was never written. */
  texts(y: number): readonly string[] {
    const line = this.#line(y);
    return Array.from({ length: this.columns }, (_, x) => line?.getCell(x)?.getChars() ?? '');
  }

  cell(x: number, y: number): EmulatedCell {
    const cell = this.#line(y)?.getCell(x);
    if (cell === undefined) throw new Error(`there is no cell ${x}, ${y}`);
    return {
      text: cell.getChars() === '' && cell.getWidth() > 0 ? ' ' : cell.getChars(),
      columns: cell.getWidth(),
      isBold: cell.isBold() !== 0,
      isDim: cell.isDim() !== 0,
      isItalic: cell.isItalic() !== 0,
      isUnderlined: cell.isUnderline() !== 0,
      isInverse: cell.isInverse() !== 0,
      fg: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
      bg: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    };
  }

  #line(y: number) {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + y);
  }
}

/** `#rrggbb`, or the number in the palette as text. */
function colourOf(isDefault: boolean, isRgb: boolean, value: number): string | null {
  if (isDefault) return null;
  return isRgb ? `#${value.toString(16).padStart(6, '0')}` : String(value);
}
