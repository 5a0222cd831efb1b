// The cost of a long log: replay, rebuild, verification and waking one aggregate, next to a scan that only parses its JSON.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTrackerHost } from '../../actors/host.js';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { persisted } from '../../core/actor/snapshot.js';
import { systemClock } from '../../core/time/clock.js';
import { createSnapshotSeal } from '../../core/events/snapshot-seal.js';
import { createSqlSnapshots, type Snapshots } from '../../core/events/sql/snapshots.js';
import { systemIds } from '../../core/ids.js';
import { silentLog } from '../../core/log.js';
import { type Figure, milliseconds, quantile, times } from '../figures.js';
import { fillLog, fillRoom, type OpenLog, openLog } from '../log.js';
import { passFigures } from '../passes/passes.js';
import { sizeOf } from '../sizes.js';

const EVENTS = sizeOf('BENCH_EVENTS', 20_000);
const STREAM_EVENTS = 10_000;
const TRIES = 7;

export async function* benchLogs(): AsyncGenerator<Figure, void> {
  const home = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const log = await openLog(home);
  await fillLog(log, EVENTS);
  const { position: events } = await log.store.head();
  await log.database.close();
  yield* passFigures(home, events, ['replay', 'rebuild', 'verify']);
  const again = await openLog(home);
  yield* await waking(again);
  await again.database.close();
  await rm(home, { recursive: true, force: true });
}

/** The time that an aggregate with a long stream takes to load. */
async function waking({ store, database, writer }: OpenLog): Promise<readonly Figure[]> {
  const id = systemIds.next();
  const stream = `room-${id}`;
  await fillRoom(store, stream, [systemIds.next(), systemIds.next(), systemIds.next()], STREAM_EVENTS);
  const snapshots = createSqlSnapshots(
    database.reads,
    writer,
    createSnapshotSeal(randomBytes(32)),
    silentLog,
  );
  const raw = await median(async () => {
    const rows = await store.readRows({ fromPosition: 1, limit: STREAM_EVENTS });
    for (const { payload, metadata } of rows) [payload, metadata].map((text) => JSON.parse(text));
  });
  const wake = (kept: { readonly snapshots?: Snapshots }): Promise<unknown> =>
    createTrackerHost({ store, ...kept, clock: systemClock }).peek('room', id);
  const replayed = await median(() => wake({}));
  const state = await createTrackerHost({ store, clock: systemClock }).peek('room', id);
  const { machineVersion } = roomAggregate;
  const [last] = await store.readStream(stream, { fromVersion: STREAM_EVENTS, limit: 1 });
  if (last === undefined) throw new Error('the room has too few events');
  const at = { position: last.position, hash: last.hash };
  const snapshot = { machineVersion, version: STREAM_EVENTS, at, state: persisted(state) };
  snapshots.keep(stream, { ...snapshot, quarantineChange: 0 });
  await writer.drain();
  const restored = await median(() => wake({ snapshots }));
  const count = STREAM_EVENTS.toLocaleString('en');
  return [
    {
      what: `waking a room of ${count} events`,
      measured: milliseconds(replayed),
      limit: `${milliseconds(raw)} read and JSON parsed`,
      ratio: times(replayed, raw),
    },
    { what: 'the same from a snapshot', measured: milliseconds(restored), limit: '', ratio: '' },
  ];
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < TRIES; round++) {
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  }
  return quantile(samples, 0.5);
}
