// The figures of whole passes over a log, each beside a scan that only reads the rows and parses their JSON.
import { type Figure, megabytes, perSecond, quantile, share, times } from '../figures.js';
import { doWork, type Work, type WorkName } from '../log-work.js';
import { sizeOf } from '../sizes.js';

const ROUNDS = sizeOf('BENCH_ROUNDS', 1);
const SECOND_MS = 1_000;

/** Each figure is the median of `BENCH_ROUNDS` passes. */
export async function* passFigures(
  home: string,
  events: number,
  names: readonly WorkName[],
): AsyncGenerator<Figure, void> {
  const works = new Map<WorkName, Work>();
  for (const name of ['scan', ...names] as const) {
    const work = await medianWork(name, home);
    works.set(name, work);
    const scan = works.get('scan') ?? work;
    if (name !== 'scan' && name !== 'tree') yield* figuresOf(name, events, work, scan);
  }
  const [verify, tree] = [works.get('verify'), works.get('tree')];
  if (verify !== undefined && tree !== undefined) {
    yield {
      what: 'verify, CPU time beside a verify without the Merkle tree',
      measured: seconds(verify.cpuMs),
      limit: seconds(verify.cpuMs - tree.cpuMs),
      ratio: times(verify.cpuMs, verify.cpuMs - tree.cpuMs),
    };
  }
}

function* figuresOf(name: WorkName, events: number, work: Work, scan: Work): Generator<Figure, void> {
  const rate = (ms: number): string => perSecond((SECOND_MS * events) / ms);
  const rates = ({ wallMs, cpuMs }: Work): string => `${rate(wallMs)}, ${rate(cpuMs)} of CPU`;
  yield {
    what: `${name} of ${events.toLocaleString('en')} events (${seconds(work.wallMs)}, ${seconds(work.cpuMs)} of CPU)`,
    measured: rates(work),
    limit: `${rates(scan)}, read and JSON parsed`,
    ratio: `${share(scan.cpuMs, work.cpuMs)} of CPU`,
  };
  yield {
    what: `${name}, peak memory`,
    measured: megabytes(work.peakBytes),
    limit: `${megabytes(scan.peakBytes)} the scan`,
    ratio: '',
  };
}

const seconds = (ms: number): string => `${(ms / SECOND_MS).toFixed(1)} s`;

async function medianWork(name: WorkName, home: string): Promise<Work> {
  const rounds: Work[] = [];
  while (rounds.length < ROUNDS) rounds.push(await doWork(name, home));
  const median = (field: keyof Work): number =>
    quantile(
      rounds.map((work) => work[field]),
      0.5,
    );
  return { wallMs: median('wallMs'), cpuMs: median('cpuMs'), peakBytes: median('peakBytes') };
}
