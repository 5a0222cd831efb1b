// Durable commands per second, beside a request that does nothing and a commit that holds nothing else.
import { join } from 'node:path';
import { connectBus } from '../../core/bus/connection/connection.js';
import { trackerCredentials } from '../../core/bus/credentials/credentials.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { silentLog } from '../../core/log.js';
import { isSuccess } from '../../core/protocol/status.js';
import { type Device, openGuest } from '../../specs/support/device.js';
import { rawCommits } from './commits.js';
import { type Figure, microseconds, milliseconds, perSecond, quantile, share } from '../figures.js';
import { startPartner } from '../partner.js';
import { usageOf } from '../process.js';
import { openStage, type Stage } from '../tracker-process.js';

const DEVICES = 32;
const ROOMS_EACH = 8;
const IN_FLIGHT = DEVICES * ROOMS_EACH;
const SECONDS = 5;
/** About what one command writes: an event with its metadata, a receipt, a derived row. */
const ROW_BYTES = 1_200;

interface Run {
  readonly perSecond: number;
  readonly latencies: readonly number[];
}

export async function benchCommands(): Promise<readonly Figure[]> {
  const stage = await openStage({ PARTYLINE_BCRYPT_COST: '10' });
  const devices = await Promise.all(Array.from({ length: DEVICES }, (_, index) => enrol(stage, index)));
  for (const [index, device] of devices.entries()) {
    for (let room = 0; room < ROOMS_EACH; room++) await ask(device, 'CREATE', index, room);
  }
  // Each lane joins and leaves one room of the next device, over and over.
  const before = await usageOf(stage.pid);
  const commands = await load(async (lane, turn) => {
    const index = Math.floor(lane / ROOMS_EACH);
    const operation = turn % 2 === 0 ? 'JOIN' : 'QUIT';
    await ask(devices[index], operation, (index + 1) % DEVICES, lane % ROOMS_EACH);
  });
  const after = await usageOf(stage.pid);
  const nothing = await emptyRequests(stage);
  for (const device of devices) await device.close();
  const commits = rawCommits({
    file: join(stage.folder, 'raw.db'),
    rowBytes: ROW_BYTES,
    rowsEach: IN_FLIGHT,
    seconds: SECONDS,
  });
  await stage.close();

  const slower = Math.min(nothing.perSecond, commits);
  return [
    {
      what: `durable commands (join, leave), ${IN_FLIGHT} in flight`,
      measured: perSecond(commands.perSecond),
      limit: `${perSecond(nothing.perSecond)} empty requests; ${perSecond(commits)} rows, ${IN_FLIGHT} a commit`,
      ratio: `${share(commands.perSecond, slower)} of the slower`,
    },
    {
      what: "one of these commands, the tracker's CPU time",
      measured:
        before === null || after === null
          ? 'not told here'
          : microseconds((after.cpuMs - before.cpuMs) / commands.latencies.length),
      limit: '',
      ratio: '',
    },
    {
      what: 'one of these commands, p50 / p99',
      measured: spread(commands.latencies),
      limit: `${spread(nothing.latencies)} empty request`,
      ratio: '',
    },
  ];
}

const spread = (latencies: readonly number[]): string =>
  `${milliseconds(quantile(latencies, 0.5))} / ${milliseconds(quantile(latencies, 0.99))}`;

async function enrol(stage: Stage, index: number): Promise<Device> {
  const guest = await openGuest(stage.invite);
  const registered = await guest.enter('register', `bench-${index}`);
  if (!isSuccess(registered.status)) throw new Error(`${registered.phrase}: ${registered.message}`);
  const device = await guest.become(registered);
  await guest.close();
  return device;
}

async function ask(
  device: Device | undefined,
  operation: string,
  owner: number,
  room: number,
): Promise<void> {
  const answer = await device?.ask('chatroom', 'ChatRoom', { operation, name: `room-${owner}-${room}` });
  if (answer === undefined || !isSuccess(answer.status)) throw new Error(answer?.message ?? 'no device');
}

/** Keeps `IN_FLIGHT` lanes busy for a while; each ends after an even number of turns. */
async function load(work: (lane: number, turn: number) => Promise<unknown>): Promise<Run> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + 1_000 * SECONDS;
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (let turn = 0; performance.now() < end || turn % 2 === 1; turn++) {
      const before = performance.now();
      await work(index, turn);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return { perSecond: (1_000 * latencies.length) / (performance.now() - start), latencies };
}

/** Requests through the same broker to a process that only answers. */
async function emptyRequests(stage: Stage): Promise<Run> {
  const { home } = stage;
  const servers = `nats://${stage.invite.host}:${stage.invite.port}`;
  const partner = await startPartner('answer', home, servers);
  const credentials = trackerCredentials(await openKeyring(home), Date.now());
  const bus = await connectBus({
    servers,
    credentials,
    inboxPrefix: '_INBOX_bench',
    name: 'bench',
    log: silentLog,
  });
  const body = Buffer.alloc(300, 97);
  const run = await load(() => bus.request('bench.nothing', body, { timeoutMs: 10_000 }));
  await bus.close();
  await partner.end();
  return run;
}
