// The figures of a chat that a program drives with lines, beside those of a chat that is its limit.
import { type Figure, microseconds, milliseconds, perSecond, quantile, share, times } from '../figures.js';
import { usageOf } from '../process.js';
import { type LineChat, latencyOf, rateOf, runLines, TEXT_BYTES } from './line-chat.js';

const ROUNDS = 3;
const LINES = 2_000;
/** Lines a second, and how many of them. */
const PACES = [
  { pace: 20, lines: 200 },
  { pace: 100, lines: 500 },
  { pace: 500, lines: 2_500 },
] as const;
const QUANTILES = [0.5, 0.99] as const;

export interface Measured {
  readonly name: string;
  readonly chat: LineChat;
}

/** Measures both chats in turns. The ratios are those of `measured` to `limit`. */
export async function* chatFigures(measured: Measured, limit: Measured): AsyncGenerator<Figure> {
  const [rates, limits]: [number[], number[]] = [[], []];
  const before = await cpuOf(measured.chat);
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.push(rateOf(await runLines(measured.chat, LINES)));
    limits.push(rateOf(await runLines(limit.chat, LINES)));
  }
  const after = await cpuOf(measured.chat);
  const [rate, top] = [quantile(rates, 0.5), quantile(limits, 0.5)];
  yield {
    what: `${measured.name}: lines of ${TEXT_BYTES} bytes as fast as they are read`,
    measured: perSecond(rate),
    limit: `${perSecond(top)} ${limit.name}`,
    ratio: share(rate, top),
  };
  if (before !== null && after !== null) {
    const each = (total: number): string => microseconds(total / (ROUNDS * LINES));
    yield {
      what: `${measured.name}: processor time of one of these lines, writer / reader`,
      measured: `${each(after.writer - before.writer)} / ${each(after.reader - before.reader)}`,
      limit: '',
      ratio: '',
    };
  }
  for (const { pace, lines } of PACES) {
    const run = await runLines(measured.chat, lines, pace);
    const best = await runLines(limit.chat, lines, pace);
    for (const q of QUANTILES) {
      yield {
        what: `${measured.name}: line written to line read at ${pace} lines/s, p${100 * q}`,
        measured: milliseconds(latencyOf(run, q)),
        limit: `${milliseconds(latencyOf(best, q))} ${limit.name}`,
        ratio: times(latencyOf(run, q), latencyOf(best, q)),
      };
    }
  }
}

/** The processor time of both ends so far, in milliseconds; null if the chat or the system does not report it. */
async function cpuOf({
  pids,
}: LineChat): Promise<{ readonly writer: number; readonly reader: number } | null> {
  if (pids === undefined) return null;
  const [writer, reader] = await Promise.all([usageOf(pids.writer), usageOf(pids.reader)]);
  return writer === null || reader === null ? null : { writer: writer.cpuMs, reader: reader.cpuMs };
}
