// A picture (SVG) of an emulated screen. Each stretch of cells in one style keeps its columns with any font.
import type { EmulatedCell, EmulatedScreen } from './emulated-screen.js';

const CELL = { width: 9, height: 18, baseline: 13.5 } as const;
const MARGIN = 10;
const GROUND = '#16191f';
const INK = '#d5dae2';
const FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK JP', 'Noto Color Emoji', monospace";

/** Adjacent cells in the same style. */
interface Stretch {
  readonly x: number;
  readonly cell: EmulatedCell;
  columns: number;
  text: string;
}

export function pictureOf(screen: EmulatedScreen): string {
  const width = screen.columns * CELL.width + 2 * MARGIN;
  const height = screen.rows * CELL.height + 2 * MARGIN;
  const rows = Array.from({ length: screen.rows }, (_, y) => rowOf(screen, y)).filter((row) => row !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONTS}" font-size="15">`,
    `<rect width="100%" height="100%" rx="6" fill="${GROUND}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})">`,
    ...rows,
    '</g>',
    '</svg>\n',
  ].join('\n');
}

function rowOf(screen: EmulatedScreen, y: number): string {
  const cells = Array.from({ length: screen.columns }, (_, x) => screen.cell(x, y));
  const grounds = stretchesOf(cells, (one, other) => coloursOf(one).bg === coloursOf(other).bg);
  const texts = stretchesOf(
    cells,
    (one, other) => isPlain(one) && isPlain(other) && lookOf(one) === lookOf(other),
  );
  return [...grounds.map((one) => groundOf(one, y)), ...texts.map((one) => textOf(one, y))].join('');
}

function stretchesOf(
  cells: readonly EmulatedCell[],
  isAlike: (one: EmulatedCell, other: EmulatedCell) => boolean,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const [x, cell] of cells.entries()) {
    const last = stretches.at(-1);
    if (cell.columns === 0) continue;
    if (last !== undefined && isAlike(last.cell, cell)) {
      last.columns += cell.columns;
      last.text += cell.text;
    } else stretches.push({ x, cell, columns: cell.columns, text: cell.text });
  }
  return stretches;
}

/** Whether any font gives the character one column. All other characters are placed one by one. */
const isPlain = ({ text }: EmulatedCell): boolean => /^[\u0020-\u007e]$/.test(text);

function coloursOf({ fg, bg, isInverse }: EmulatedCell) {
  return isInverse ? { fg: bg ?? GROUND, bg: fg ?? INK } : { fg: fg ?? INK, bg: bg ?? GROUND };
}

function lookOf(cell: EmulatedCell): string {
  return [
    ` fill="${coloursOf(cell).fg}"`,
    cell.isBold ? ' font-weight="bold"' : '',
    cell.isItalic ? ' font-style="italic"' : '',
    cell.isUnderlined ? ' text-decoration="underline"' : '',
    cell.isDim ? ' opacity="0.6"' : '',
  ].join('');
}

function groundOf({ x, columns, cell }: Stretch, y: number): string {
  const { bg } = coloursOf(cell);
  if (bg === GROUND) return '';
  const size = `width="${columns * CELL.width}" height="${CELL.height}"`;
  return `<rect x="${x * CELL.width}" y="${y * CELL.height}" ${size} fill="${bg}"/>`;
}

function textOf({ x, columns, text, cell }: Stretch, y: number): string {
  const look = lookOf(cell);
  const isSeen = text.trim() !== '' || cell.isUnderlined;
  if (!isSeen) return '';
  const line = LINES[text];
  if (line !== undefined) {
    const { fg } = coloursOf(cell);
    const place = `translate(${x * CELL.width} ${y * CELL.height})`;
    return `<path transform="${place}" d="${line}" stroke="${fg}" fill="none"/>`;
  }
  // SVG drops blanks at the ends, which would stretch the rest.
  const lead = cell.isUnderlined ? 0 : text.length - text.trimStart().length;
  const shown = cell.isUnderlined ? text : text.trim();
  const wide = isPlain(cell) ? shown.length : columns;
  const place = `x="${(x + lead) * CELL.width}" y="${y * CELL.height + CELL.baseline}"`;
  const fit = `textLength="${wide * CELL.width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"`;
  return `<text ${place} ${fit}${look}>${shown.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`)}</text>`;
}

/** Borders are drawn as paths, so that they join with any font. */
const LINES: Readonly<Record<string, string>> = {
  '│': 'M4.5 0V18',
  '─': 'M0 9H9',
  '┌': 'M9 9H4.5V18',
  '┐': 'M0 9H4.5V18',
  '└': 'M9 9H4.5V0',
  '┘': 'M0 9H4.5V0',
  '┊': 'M4.5 1V4M4.5 7V11M4.5 14V17',
};
