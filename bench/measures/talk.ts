// Conversations between complete terminals without faces: two terminals at full speed and at a fixed rate, and a room of many
// terminals. The baseline is durability alone: committed rows, and lines over TCP that both ends store.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatFigures } from '../chats/figures.js';
import { openJsonFaces } from '../chats/json-face.js';
import { rawCommits } from './commits.js';
import { type Figure, microseconds, milliseconds, perSecond, quantile, share, times } from '../figures.js';
import { sizeOf } from '../sizes.js';
import { startTrackerProcess, type TrackerProcess } from '../tracker-process.js';
import { type Order, type Report, startTalkers, type Talkers } from '../talkers.js';
import { openTcpLine } from './tcp-line.js';

const ROUNDS = 3;
const MESSAGES = sizeOf('BENCH_MESSAGES', 5_000);
/** The messages that a terminal has in flight to another one. */
const AT_ONCE = 256;
const PACE = 500;
const PACED = 2_500;
const MEMBERS = sizeOf('BENCH_MEMBERS', 50);
const PROCESSES = 5;
const SPEAKERS = 10;
const ROOM_PACE = 100;
const ROOM_MESSAGES = 500;
/** The approximate size of the writes of one message at one end: its row and its index entries. */
const ROW_BYTES = 600;
const ROWS_A_COMMIT = 256;

export async function* benchTalk(): AsyncGenerator<Figure> {
  const trackerProcess = await startTrackerProcess({ PARTYLINE_BCRYPT_COST: '10' });
  yield* betweenFaces(trackerProcess);
  yield* await betweenTwo(trackerProcess);
  yield* await inRoom(trackerProcess);
  await trackerProcess.close();
}

async function* betweenFaces(trackerProcess: TrackerProcess): AsyncGenerator<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const faces = await openJsonFaces(trackerProcess);
  const line = await openTcpLine(folder);
  yield* chatFigures(
    { name: 'chat --json', chat: faces },
    {
      name: 'lines over TCP, each stored at both ends',
      chat: { ...line, onRead: (listener) => line.onText(listener) },
    },
  );
  await faces.close();
  await line.close();
  await rm(folder, { recursive: true, force: true });
}

function startAt({ folder, inviteText }: TrackerProcess, names: readonly string[]): Promise<Talkers> {
  return startTalkers({ home: join(folder, 'terminals'), invite: inviteText, names: [...names] });
}

async function betweenTwo(trackerProcess: TrackerProcess): Promise<readonly Figure[]> {
  const alice = await startAt(trackerProcess, ['alice']);
  const bob = await startAt(trackerProcess, ['bob']);
  await alice.order({ do: 'create', room: 'lobby' });
  await bob.order({ do: 'join', room: 'lobby' });
  await alice.order({ do: 'link', count: 1 });

  const rates: number[] = [];
  const commits: number[] = [];
  const authorMs: number[] = [];
  const readerMs: number[] = [];
  const latencies: number[] = [];
  const stored: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const seen = bob.order({ do: 'see', count: MESSAGES });
    const poured = await alice.order({ do: 'pour', speakers: 1, count: MESSAGES, atOnce: AT_ONCE });
    rates.push((1_000 * MESSAGES) / lasted(poured));
    authorMs.push(cpuMsEach(poured));
    readerMs.push(cpuMsEach(await seen));
    const file = join(trackerProcess.folder, `raw-${round}.db`);
    commits.push(rawCommits({ file, rowBytes: ROW_BYTES, rowsEach: ROWS_A_COMMIT, seconds: 1 }));
    const shown = bob.order({ do: 'see', count: PACED });
    await alice.order({ do: 'pace', speakers: 1, count: PACED, perSecond: PACE });
    latencies.push(...(await shown).latencies);
    stored.push(...(await pacedOverTcp()));
  }
  await alice.end();
  await bob.end();
  const [rate, commit] = [quantile(rates, 0.5), quantile(commits, 0.5)];
  return [
    {
      what: `messages from one terminal to another, ${AT_ONCE} in flight, stored at both ends and acknowledged`,
      measured: perSecond(rate),
      limit: `${perSecond(commit)} rows, ${ROWS_A_COMMIT} a commit`,
      ratio: share(rate, commit),
      bound: "the author's CPU: SQL, proofs, envelopes, events",
    },
    {
      what: 'CPU time of one of these messages, author / reader',
      measured: `${microseconds(quantile(authorMs, 0.5))} / ${microseconds(quantile(readerMs, 0.5))}`,
      limit: '',
      ratio: '',
      bound: 'SQL about a quarter, garbage collection a tenth, the rest spread evenly',
    },
    ...spread(`one to another at ${PACE} messages/s, sent to received`, latencies, stored),
  ];
}

const cpuMsEach = ({ cpuMs }: Report): number => cpuMs / MESSAGES;

const lasted = ({ from, to }: Report): number => to - from;

function spread(what: string, latencies: readonly number[], limit: readonly number[]): readonly Figure[] {
  return [0.5, 0.99].map((q) => ({
    what: `${what}, p${100 * q}`,
    measured: milliseconds(quantile(latencies, q)),
    limit: `${milliseconds(quantile(limit, q))} lines over TCP, each stored at both ends`,
    ratio: times(quantile(latencies, q), quantile(limit, q)),
    bound: 'two commits to the disk, one at each end',
  }));
}

/** Milliseconds from writing a line to showing it, at the same pace as the messages. */
async function pacedOverTcp(): Promise<readonly number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const line = await openTcpLine(folder);
  const latencies: number[] = [];
  const all = new Promise<void>((resolve) => {
    line.onText((text) => {
      if (latencies.push(performance.now() - Number(text)) === PACED) resolve();
    });
  });
  const start = performance.now();
  for (let sent = 0; sent < PACED; ) {
    for (const due = ((performance.now() - start) * PACE) / 1_000; sent < Math.min(due, PACED); sent++) {
      line.write(String(performance.now()));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await all;
  await line.close();
  await rm(folder, { recursive: true, force: true });
  return latencies;
}

async function inRoom(trackerProcess: TrackerProcess): Promise<readonly Figure[]> {
  const each = Math.ceil(MEMBERS / PROCESSES);
  const members = each * PROCESSES;
  const crowds = await Promise.all(
    Array.from({ length: PROCESSES }, (_, crowd) =>
      startAt(
        trackerProcess,
        Array.from({ length: each }, (_one, at) => `member-${crowd * each + at}`),
      ),
    ),
  );
  const [first, ...others] = crowds;
  await first?.order({ do: 'create', room: 'hall' });
  await Promise.all(others.map((crowd) => crowd.order({ do: 'join', room: 'hall' })));
  await Promise.all(crowds.map((crowd) => crowd.order({ do: 'link', count: members - 1 })));

  // In each process some terminals send, and all terminals receive the messages of every other terminal.
  const speakers = SPEAKERS / PROCESSES;
  const said = ROOM_MESSAGES / PROCESSES;
  const heard = ROOM_MESSAGES * each - said;
  const talk = async (order: Order): Promise<readonly Report[]> => {
    const reports = crowds.map(async (crowd) => [
      await crowd.order(order),
      await crowd.order({ do: 'see', count: heard }),
    ]);
    return (await Promise.all(reports)).flat();
  };
  const poured = await talk({ do: 'pour', speakers, count: said / speakers, atOnce: 8 });
  const ms = Math.max(...poured.map(({ to }) => to)) - Math.min(...poured.map(({ from }) => from));
  const paced = await talk({ do: 'pace', speakers, count: said, perSecond: ROOM_PACE / PROCESSES });
  const latencies = paced.flatMap((report) => report.latencies);
  for (const crowd of crowds) await crowd.end();
  const bound = `the ${availableParallelism()} processors, shared by all ${members} terminals`;
  return [
    {
      what: `deliveries in a room of ${members}, ${SPEAKERS} of whom send, in ${PROCESSES} processes`,
      measured: perSecond((1_000 * heard * PROCESSES) / ms),
      limit: '',
      ratio: '',
      bound,
    },
    {
      what: `sent to received there at ${ROOM_PACE} messages/s, p50 / p99`,
      measured: `${milliseconds(quantile(latencies, 0.5))} / ${milliseconds(quantile(latencies, 0.99))}`,
      limit: `needs ${perSecond(ROOM_PACE * (members - 1))} deliveries`,
      ratio: '',
      bound: `${bound}, and their disk: each stores each message`,
    },
  ];
}
