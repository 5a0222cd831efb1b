// The queries that find out what the terminal shows: the widths of marks and samples, its background, whether it reads UTF-8, and
// whether it marks pastes.
// It does no input or output: `terminal.ts` writes the queries and reads the answers.
import { marks } from '../paint/marks.js';
import { measured, WIDTHS, widthKinds, type Widths } from '../paint/widths.js';
import type { StringKind } from '../keys/sequences/tokens.js';
import { beginsAnswer, type Report } from './reports.js';

export interface TerminalTraits {
  readonly widths: Widths;
  /** The columns of each mark. */
  readonly marks: ReadonlyMap<string, number>;
  /** False for a terminal that shows each byte of UTF-8 as a letter; null if unknown. */
  readonly isUtf8: boolean | null;
  /** Null if the terminal did not report its background. */
  readonly background: 'dark' | 'light' | null;
}

const unknownTraits: TerminalTraits = {
  widths: {},
  marks: new Map(),
  isUtf8: null,
  background: null,
};

/** A letter that takes one column on every terminal with UTF-8. A terminal without UTF-8 shows its two bytes in two columns. */
const UTF8_SAMPLE = '\u00f6';
const SAMPLES: readonly string[] = [
  UTF8_SAMPLE,
  ...widthKinds.map((kind) => WIDTHS[kind].sample),
  ...marks.keys(),
];
/** The row of the samples, from 0. It is not row 0, because a cursor report from row 0 can look like the F3 key. */
const ROW = 1;

const at = `\u001b[${ROW + 1};1H`;
const sample = (text: string): string => `${at}${text}\u001b[6n`;
/**
 * The query for the device attributes. Every terminal answers it, and answers queries in order. So its answer shows that all
 * earlier queries are answered or never will be.
 */
export const FENCE = '\u001b[c';
/**
 * Asks whether the terminal marks pastes, and for its name. A terminal that does not know these queries may print their last
 * letter.
 */
const PASTES = `${at}\u001b[?2004$p${at}\u001b[>q`;
/**
 * All queries in order. The samples, and letters that a terminal prints by mistake, are concealed and then erased. `FENCE` is
 * last: when its answer comes, a query without an answer will never get one.
 */
export const PROBE = `\u001b[?2026h\u001b[?7l\u001b[8m${SAMPLES.map(sample).join('')}${PASTES}\u001b[0m${at}\u001b[2K\u001b[?7h\u001b[?2026l\u001b]11;?\u001b\\${FENCE}`;

export class Probe {
  readonly #columns: number[] = [];
  #background: TerminalTraits['background'] = null;
  #marksPastes = false;
  #isComplete = false;

  /** Whether answers may still come. */
  get isPending(): boolean {
    return !this.#isComplete;
  }

  /** Whether `text` may be the beginning of an answer that has not come yet. */
  isAwaited(kind: StringKind, text: string): boolean {
    return this.isPending && beginsAnswer(kind, text);
  }

  /** Whether the terminal puts marks around pastes. False until the terminal has reported it. */
  get marksPastes(): boolean {
    return this.#marksPastes;
  }

  /** The traits known so far. */
  get traits(): TerminalTraits {
    const background = this.#background;
    // If the number of answers differs from the number of samples, the answers cannot be assigned to samples.
    if (!this.#isComplete || this.#columns.length !== SAMPLES.length) return { ...unknownTraits, background };
    const columnsOf = (text: string): number => this.#columns[SAMPLES.indexOf(text)] ?? 0;
    const isUtf8 = columnsOf(UTF8_SAMPLE) <= 1;
    const widths = widthKinds.flatMap((kind) => {
      const columns = measured(kind, columnsOf(WIDTHS[kind].sample));
      return columns === undefined ? [] : [[kind, columns] as const];
    });
    return {
      widths: isUtf8 ? Object.fromEntries(widths) : {},
      marks: new Map(Array.from(marks.keys(), (mark) => [mark, columnsOf(mark)])),
      isUtf8,
      background,
    };
  }

  accept(report: Report): void {
    switch (report.kind) {
      case 'cursor':
        if (report.y === ROW && !this.#isComplete) this.#columns.push(report.x);
        break;
      case 'background':
        this.#background = brightnessOf(report) > 0.5 ? 'light' : 'dark';
        break;
      case 'paste-marks':
        this.#marksPastes = true;
        break;
      case 'attributes':
        this.#isComplete = true;
        break;
    }
  }
}

/** The perceived brightness from 0 to 1, by the weights of Rec. 709. */
function brightnessOf({ red, green, blue }: Report & { readonly kind: 'background' }): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
