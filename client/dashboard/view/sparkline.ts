// A series of numbers as a line of small bars. Pure.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** The number that a full bar stands for is at least this. Otherwise small differences would look alarming. */
const LEAST_SCALE = 10;

/** Draws the last `columns` numbers; the highest is a full bar. Null and missing numbers are blanks. */
export function sparkline(numbers: readonly (number | null)[], columns: number): string {
  const shown = numbers.slice(-columns);
  const most = Math.max(LEAST_SCALE, ...shown.map((number) => number ?? 0));
  const bars = shown.map((number) => {
    if (number === null) return ' ';
    return BARS[Math.min(BARS.length - 1, Math.floor((number / most) * BARS.length))] ?? ' ';
  });
  return bars.join('').padStart(columns);
}
