// Which colours a terminal can show, and the code of a colour there: true colour, or the nearest of 256 or of 16.
import type { Colour } from './style.js';

/** How many colours; `none` leaves bold, italics and the like. */
export type Depth = 'true' | '256' | '16' | 'none';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `NO_COLOR`, `COLORTERM` and `TERM` say. */
export function depthOf(env: Environment): Depth {
  if ((env['NO_COLOR'] ?? '') !== '') return 'none';
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 'true';
  const term = env['TERM'] ?? '';
  if (/direct|kitty|alacritty|wezterm|ghostty|foot/.test(term)) return 'true';
  if (term.includes('256')) return '256';
  return /^(vt\d|dumb|$)/.test(term) ? 'none' : '16';
}

type Rgb = readonly [red: number, green: number, blue: number];

/** The sixteen of most terminals; a user may have others, so few themes rely on them. */
const SIXTEEN: readonly Rgb[] = [
  [0, 0, 0],
  [205, 49, 49],
  [13, 188, 121],
  [229, 229, 16],
  [36, 114, 200],
  [188, 63, 188],
  [17, 168, 205],
  [204, 204, 204],
  [118, 118, 118],
  [241, 76, 76],
  [35, 209, 139],
  [245, 245, 67],
  [59, 142, 234],
  [214, 112, 214],
  [41, 184, 219],
  [255, 255, 255],
];

const CUBE = [0, 95, 135, 175, 215, 255] as const;
const GREY_FIRST = 232;
const GREY_COUNT = 24;

/** The SGR parameters of a colour; empty for none. */
export function colourCode(colour: Colour, place: 'fg' | 'bg', depth: Depth): string {
  const rgb = rgbOf(colour);
  const lead = place === 'fg' ? 38 : 48;
  switch (depth) {
    case 'none':
      return '';
    case 'true':
      return `${lead};2;${rgb.join(';')}`;
    case '256':
      return `${lead};5;${nearestOf256(rgb)}`;
    case '16': {
      const index = nearest(rgb, SIXTEEN);
      return String(index + (index < 8 ? 30 : 82) + (place === 'fg' ? 0 : 10));
    }
  }
}

function rgbOf(colour: Colour): Rgb {
  const number = Number.parseInt(colour.slice(1), 16);
  return [(number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff];
}

/** Of the cube and the greys: the first sixteen may look like anything. */
function nearestOf256(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) =>
    nearest(
      [value, 0, 0],
      CUBE.map((step) => [step, 0, 0]),
    ),
  );
  const cube = [red ?? 0, green ?? 0, blue ?? 0] as const;
  const average = (rgb[0] + rgb[1] + rgb[2]) / 3;
  const grey = Math.min(GREY_COUNT - 1, Math.max(0, Math.round((average - 8) / 10)));
  const level = 8 + grey * 10;
  const cubeRgb: Rgb = [CUBE[cube[0]] ?? 0, CUBE[cube[1]] ?? 0, CUBE[cube[2]] ?? 0];
  return distance(rgb, [level, level, level]) < distance(rgb, cubeRgb)
    ? GREY_FIRST + grey
    : 16 + 36 * cube[0] + 6 * cube[1] + cube[2];
}

function nearest(rgb: Rgb, among: readonly Rgb[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, one] of among.entries()) {
    const far = distance(rgb, one);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

/** Squared, and weighed roughly as an eye does. */
function distance(one: Rgb, other: Rgb): number {
  return 2 * (one[0] - other[0]) ** 2 + 4 * (one[1] - other[1]) ** 2 + 3 * (one[2] - other[2]) ** 2;
}
