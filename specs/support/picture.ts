// An emulated screen as a picture (SVG), each cell in its place whatever font there is.
import type { EmulatedCell, EmulatedScreen } from './emulated-screen.js';

const CELL = { width: 9, height: 18, baseline: 14 } as const;
const GROUND = '#16191f';
const INK = '#d5dae2';
const FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK JP', 'Noto Color Emoji', monospace";

export function pictureOf(screen: EmulatedScreen): string {
  const [width, height] = [screen.columns * CELL.width, screen.rows * CELL.height];
  const cells = Array.from({ length: screen.rows }, (_, y) =>
    Array.from({ length: screen.columns }, (_, x) => cellOf(screen.cell(x, y), x, y)).join(''),
  );
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${FONTS}" font-size="15">`;
  return `${open}<rect width="100%" height="100%" fill="${GROUND}"/>${cells.join('\n')}</svg>\n`;
}

function cellOf(cell: EmulatedCell, x: number, y: number): string {
  if (cell.columns === 0) return '';
  const [fg, bg] = cell.isInverse ? [cell.bg ?? GROUND, cell.fg ?? INK] : [cell.fg ?? INK, cell.bg ?? GROUND];
  const [left, top] = [x * CELL.width, y * CELL.height];
  const ground =
    bg === GROUND
      ? ''
      : `<rect x="${left}" y="${top}" width="${CELL.width * cell.columns}" height="${CELL.height}" fill="${bg}"/>`;
  if (cell.text.trim() === '') return ground;
  const style = [
    cell.isBold ? ' font-weight="bold"' : '',
    cell.isItalic ? ' font-style="italic"' : '',
    cell.isUnderlined ? ' text-decoration="underline"' : '',
    cell.isDim ? ' opacity="0.6"' : '',
  ].join('');
  const text = cell.text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `${ground}<text x="${left}" y="${top + CELL.baseline}" fill="${fg}"${style}>${text}</text>`;
}
