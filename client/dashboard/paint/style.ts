// How a stretch of text looks, whatever the terminal can do. Knows neither colours' codes nor what is said.

/** Red, green and blue, two hexadecimal digits each. */
export type Colour = `#${string}`;

export interface Style {
  readonly fg?: Colour;
  readonly bg?: Colour;
  readonly isBold?: boolean;
  readonly isDim?: boolean;
  readonly isItalic?: boolean;
  readonly isUnderlined?: boolean;
  readonly isInverse?: boolean;
  /** Where it leads; already known to be safe. */
  readonly link?: string;
}

/** Some text that looks the same all over. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export function piece(text: string, style: Style): Piece {
  return { text, style };
}

const bolds = new WeakMap<Style, Style>();

/** The style in bold, the same object each time. */
export function inBold(style: Style): Style {
  const found = bolds.get(style);
  if (found !== undefined) return found;
  const bold = { ...style, isBold: true };
  bolds.set(style, bold);
  return bold;
}
