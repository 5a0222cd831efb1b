// A row of numbers as a line of small bars. Pure.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** Below that one number is as good as another: a line that trembles alarms without need. */
const LEAST_SCALE = 10;

/** The last `columns` of them, the highest as a whole bar; a blank where there was none, and before the first. */
export function sparkline(numbers: readonly (number | null)[], columns: number): string {
  const shown = numbers.slice(-columns);
  const most = Math.max(LEAST_SCALE, ...shown.map((number) => number ?? 0));
  const bars = shown.map((number) => {
    if (number === null) return ' ';
    return BARS[Math.min(BARS.length - 1, Math.floor((number / most) * BARS.length))] ?? ' ';
  });
  return bars.join('').padStart(columns);
}
