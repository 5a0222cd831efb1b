// Durable commands per second, next to empty requests and to bare commits.
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
import { startTrackerProcess, type TrackerProcess } from '../tracker-process.js';

const DEVICES = 32;
const ROOMS_EACH = 8;
const IN_FLIGHT = DEVICES * ROOMS_EACH;
const SECONDS = 5;
/** The approximate size of the writes of one command: an event with its metadata, a receipt, a derived row. */
const ROW_BYTES = 1_200;

interface Run {
  readonly perSecond: number;
  readonly latencies: readonly number[];
}

export async function benchCommands(): Promise<readonly Figure[]> {
  const trackerProcess = await startTrackerProcess({ PARTYLINE_BCRYPT_COST: '10' });
  const devices = await Promise.all(
    Array.from({ length: DEVICES }, (_, index) => enrol(trackerProcess, index)),
  );
  for (const [index, device] of devices.entries()) {
    for (let room = 0; room < ROOMS_EACH; room++) await ask(device, 'CREATE', index, room);
  }
  // Each worker repeatedly joins and leaves one room that the next device created.
  const before = await usageOf(trackerProcess.pid);
  const commands = await load(async (worker, call) => {
    const index = Math.floor(worker / ROOMS_EACH);
    const operation = call % 2 === 0 ? 'JOIN' : 'QUIT';
    await ask(devices[index], operation, (index + 1) % DEVICES, worker % ROOMS_EACH);
  });
  const after = await usageOf(trackerProcess.pid);
  const nothing = await emptyRequests(trackerProcess);
  for (const device of devices) await device.close();
  const commits = rawCommits({
    file: join(trackerProcess.folder, 'raw.db'),
    rowBytes: ROW_BYTES,
    rowsEach: IN_FLIGHT,
    seconds: SECONDS,
  });
  await trackerProcess.close();

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
          ? 'not available here'
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

async function enrol(trackerProcess: TrackerProcess, index: number): Promise<Device> {
  const guest = await openGuest(trackerProcess.invite);
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

/** Runs `IN_FLIGHT` workers for `SECONDS`; each stops after an even number of calls. */
async function load(work: (worker: number, call: number) => Promise<unknown>): Promise<Run> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + 1_000 * SECONDS;
  const worker = async (_: unknown, index: number): Promise<void> => {
    for (let call = 0; performance.now() < end || call % 2 === 1; call++) {
      const before = performance.now();
      await work(index, call);
      latencies.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return { perSecond: (1_000 * latencies.length) / (performance.now() - start), latencies };
}

/** Requests through the same broker to a process that answers each with its own bytes. */
async function emptyRequests(trackerProcess: TrackerProcess): Promise<Run> {
  const { home } = trackerProcess;
  const servers = `nats://${trackerProcess.invite.host}:${trackerProcess.invite.port}`;
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
