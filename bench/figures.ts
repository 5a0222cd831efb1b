// Figures: quantiles of measurements, and the table in which they are printed.

/** The `q`-quantile (0 to 1) of the samples; NaN without samples. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** The limit of the machine, measured in the same run, with its description. */
  readonly limit: string;
  readonly ratio: string;
  /** The bottleneck, if it is known. */
  readonly bound?: string;
}

/** The share of the limit as a percentage. */
export const share = (measured: number, limit: number): string => `${Math.round((100 * measured) / limit)}%`;

/** The ratio of a duration to the limit. */
export const times = (measured: number, limit: number): string => `${(measured / limit).toFixed(1)}x`;

export const perSecond = (count: number): string =>
  `${count < 100 ? count.toFixed(1) : Math.round(count).toLocaleString('en')}/s`;

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;

export const microseconds = (ms: number): string => `${Math.round(1_000 * ms)} µs`;

const MIB = 1_048_576;

export const megabytes = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

/** The widths of the columns. A longer cell moves the rest of its row, because a row is printed before the next one is known. */
const WIDTHS = [92, 22, 64, 26];

function printRow(cells: readonly string[]): void {
  const aligned = cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0));
  process.stdout.write(`${aligned.join('  ').trimEnd()}\n`);
}

export const printHeader = (): void =>
  printRow(['figure', 'measured', 'limit of the machine in the same run', 'ratio', 'bottleneck']);

export const printFigure = ({ what, measured, limit, ratio, bound = '' }: Figure): void =>
  printRow([what, measured, limit, ratio, bound]);
