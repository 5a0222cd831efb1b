// The style of text, independent of the abilities of the terminal.

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
  /** The address of the link; already checked to be safe. */
  readonly link?: string;
}

/** A text in one style. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
}

export function piece(text: string, style: Style): Piece {
  return { text, style };
}

const bolds = new WeakMap<Style, Style>();

/** The style in bold. Returns the same object each time. */
export function inBold(style: Style): Style {
  const found = bolds.get(style);
  if (found !== undefined) return found;
  const bold = { ...style, isBold: true };
  bolds.set(style, bold);
  return bold;
}
