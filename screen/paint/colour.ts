// The number of colours of a terminal, and the codes of colours: true colour, or the nearest of 256 or 16.
import type { Colour } from './style.js';

/** The number of colours. With `none`, bold, italics and underlines remain. */
export type Depth = 'true' | '256' | '16' | 'none';

type Environment = Readonly<Record<string, string | undefined>>;

/** Determined by `NO_COLOR`, `COLORTERM` and `TERM`. */
export function depthOf(env: Environment): Depth {
  if ((env['NO_COLOR'] ?? '') !== '') return 'none';
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 'true';
  const term = env['TERM'] ?? '';
  if (/direct|kitty|alacritty|wezterm|ghostty|foot/.test(term)) return 'true';
  if (term.includes('256')) return '256';
  return /^(vt\d|dumb|$)/.test(term) ? 'none' : '16';
}

type Rgb = readonly [red: number, green: number, blue: number];

/** The 16 colours as most terminals show them. Users may change them. */
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

/** The SGR parameters of a colour; empty at a depth without colours. */
export function colourCode(colour: Colour, layer: 'fg' | 'bg', depth: Depth): string {
  const rgb = rgbOf(colour);
  const lead = layer === 'fg' ? 38 : 48;
  switch (depth) {
    case 'none':
      return '';
    case 'true':
      return `${lead};2;${rgb.join(';')}`;
    case '256':
      return `${lead};5;${nearestOf256(rgb)}`;
    case '16': {
      const index = nearest(rgb, SIXTEEN);
      return String(index + (index < 8 ? 30 : 82) + (layer === 'fg' ? 0 : 10));
    }
  }
}

function rgbOf(colour: Colour): Rgb {
  const number = Number.parseInt(colour.slice(1), 16);
  return [(number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff];
}

/**
 * The nearest colour of the cube and the greys. The first 16 of the 256 colours are not considered, because users may change
 * them.
 */
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

/** The square of the distance between two colours, with rough weights for the sensitivity of the eye. */
function distance(one: Rgb, other: Rgb): number {
  return 2 * (one[0] - other[0]) ** 2 + 4 * (one[1] - other[1]) ** 2 + 3 * (one[2] - other[2]) ** 2;
}
