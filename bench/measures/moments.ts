// The time machine on a log of realistic rooms: whole passes over it, `show` at random moments, and the full-screen view.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdminHome } from '../../admin/home.js';
import { createLook } from '../../admin/look.js';
import { rebuildHome } from '../../admin/rebuild.js';
import { showAccount } from '../../admin/show/account.js';
import { showRoom } from '../../admin/show/room.js';
import { openStateSnapshots } from '../../admin/state/snapshots.js';
import { type Subject, subjectOf } from '../../admin/subject/subject.js';
import { addressOf } from '../../core/actor/aggregate.js';
import { type Figure, milliseconds, quantile } from '../figures.js';
import { administered } from '../log-work.js';
import { appendFigure } from '../passes/appends.js';
import { passFigures } from '../passes/passes.js';
import { fillRealisticLog } from '../realistic-log.js';
import { sizeOf } from '../sizes.js';
import { travelFigures } from './travel.js';

const EVENTS = sizeOf('BENCH_EVENTS', 20_000);
const SEED = sizeOf('SEED', 1);
const SHOWS = 100;
const PASSES = ['replay', 'rehearse', 'verify', 'tree', 'export', 'import'] as const;

export async function* benchMoments(): AsyncGenerator<Figure, void> {
  const home = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  try {
    await fillRealisticLog(home, EVENTS, SEED);
    await administered(home, 'change', (admin) => rebuildHome(admin, () => undefined));
    yield* passFigures(home, EVENTS, PASSES);
    yield await appendFigure();
    yield* await administered(home, 'look', (admin) => shows(admin, home));
    yield* await administered(home, 'look', (admin) => travelFigures(admin, home));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** `show` of the longest room and of random rooms and accounts at random moments, without a cache and then with a cache. */
async function shows({ reader, seals }: AdminHome, home: string): Promise<readonly Figure[]> {
  const [longest] = await reader.all(
    'SELECT stream FROM events GROUP BY stream ORDER BY COUNT(*) DESC LIMIT 1',
  );
  const file = join(home, 'cache', 'states.db');
  const snapshots = openStateSnapshots({
    file,
    seals,
    sql: reader,
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  const open = () => createLook(reader, snapshots);
  const end = await open().end();
  const random = (index: number): number => 1 + Math.floor(((index * 0.618_034) % 1) * end);
  const first = await timed(() => showAt(open, String(longest?.['stream']), end));
  const ofLongest: number[] = [];
  const ofAny: number[] = [];
  for (let index = 1; index <= SHOWS; index += 1) {
    ofLongest.push(await timed(() => showAt(open, String(longest?.['stream']), random(index))));
    const [any] = await reader.all('SELECT stream FROM events WHERE position = ?', [random(index)]);
    ofAny.push(await timed(() => showAt(open, String(any?.['stream']), random(index + SHOWS))));
  }
  snapshots.close();
  return [
    {
      what: 'show of the longest room for the first time',
      measured: milliseconds(first),
      limit: '',
      ratio: '',
    },
    figure('show of the longest room at any moment', ofLongest),
    figure('show of any room or account at any moment', ofAny),
  ];
}

const figure = (what: string, samples: readonly number[]): Figure => ({
  what,
  measured: `median ${milliseconds(quantile(samples, 0.5))}, longest ${milliseconds(Math.max(...samples))}`,
  limit: '',
  ratio: '',
});

async function showAt(
  open: () => ReturnType<typeof createLook>,
  stream: string,
  position: number,
): Promise<void> {
  const look = open();
  const at = await look.pointAt({ kind: 'position', position });
  const subject = subjectFrom(stream);
  await (subject.kind === 'room' ? showRoom(look, subject, at) : showAccount(look, subject, at));
}

function subjectFrom(stream: string): Subject {
  const address = addressOf(stream);
  if (address === null) throw new Error(`${stream} is no stream`);
  return subjectOf(address.kind === 'room' ? 'room' : 'account', address.id);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
