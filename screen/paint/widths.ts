// The widths on which terminals disagree: a sample of each kind, to be measured on the terminal, and the width reserved for a kind
// that was not measured. Pure.

/** A kind of code point or sequence whose width differs between terminals. */
export type WidthKind = keyof typeof WIDTHS;

/** The columns of each kind as measured; a kind that was not measured is absent. */
export type Widths = Partial<Readonly<Record<WidthKind, number>>>;

interface WidthRow {
  /** Text whose width is measured. */
  readonly sample: string;
  /** The columns of the part of the sample that does not belong to the kind. */
  readonly base: number;
  /** The columns to reserve without a measurement. */
  readonly usual: number;
  /** The most columns that any known terminal takes. */
  readonly most: number;
}

const row = (sample: string, base: number, usual: number, most: number): WidthRow => ({
  sample,
  base,
  usual,
  most,
});

export const WIDTHS = {
  /** A letter or sign of ambiguous East Asian width: two columns on some terminals for Chinese, Japanese and Korean. */
  ambiguous: row('\u00a7', 0, 1, 2),
  /** A text symbol with U+FE0F: one column in tmux 3.3, xterm and screen. */
  symbol: row('\u2764\ufe0f', 0, 2, 2),
  /** The columns that a skin tone adds. */
  modifier: row('\u{1f44d}\u{1f3fd}', 2, 0, 2),
  /** The columns that an emoji after U+200D adds. */
  joined: row('\u{1f469}\u200d\u{1f467}', 2, 0, 2),
  /** The columns that a vowel of Hangul adds to the consonant before it, if the syllable is written in parts. */
  jamo: row('\u1112\u1161', 2, 0, 1),
  /** A flag of two letters. */
  flag: row('\u{1f1e9}\u{1f1ea}', 0, 2, 4),
  /** The columns that a spacing vowel sign adds, for example in Devanagari. */
  vowelSign: row('\u0915\u093f', 1, 1, 1),
  /** The columns that a further consonant of a conjunct adds. */
  conjunct: row('\u0915\u094d\u0937', 1, 1, 1),
  /** The columns that the vowel AM of Thai and Lao adds. */
  vowelAm: row('\u0e01\u0e33', 1, 1, 1),
} as const satisfies Readonly<Record<string, WidthRow>>;

export const widthKinds = Object.keys(WIDTHS) as readonly WidthKind[];

/** The columns to reserve. */
export function reserved(kind: WidthKind, widths: Widths): number {
  return widths[kind] ?? WIDTHS[kind].usual;
}

/** The columns of a kind from the width of its sample; undefined for a width that no terminal has. */
export function measured(kind: WidthKind, columns: number): number | undefined {
  const { base, most } = WIDTHS[kind];
  const own = columns - base;
  return own >= 0 && own <= most ? own : undefined;
}
