// Many devices at one tracker: the memory of each idle device, and the time until all devices are connected again after the
// broker is killed.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { enrolCrowd, nextLine, startCrowd } from '../crowd.js';
import { type Figure, megabytes, milliseconds, times } from '../figures.js';
import type { Partner } from '../partner.js';
import { usageOf } from '../process.js';
import { sizeOf } from '../sizes.js';
import { startTrackerProcess, type TrackerProcess } from '../tracker-process.js';

const RECONNECTING = sizeOf('BENCH_RECONNECTING', 500);
const IDLE = sizeOf('BENCH_IDLE', 500);
/** The time for garbage collection after starting and connecting, and for the broker's report of the last connection. */
const SETTLING_MS = 4_000;

export async function benchCrowds(): Promise<readonly Figure[]> {
  return [...(await idleDevices()), ...(await reconnecting())];
}

async function startCrowdedTracker(
  count: number,
): Promise<{ trackerProcess: TrackerProcess; enrolled: readonly string[] }> {
  let enrolled: readonly string[] = [];
  const trackerProcess = await startTrackerProcess({ PARTYLINE_BCRYPT_COST: '10' }, async (home) => {
    enrolled = await enrolCrowd(home, count);
  });
  return { trackerProcess, enrolled };
}

/** Starts the devices in two processes, so that one processor does not limit all of them. */
function startCrowds(
  { home, invite }: TrackerProcess,
  enrolled: readonly string[],
): Promise<readonly Partner[]> {
  const servers = `nats://${invite.host}:${invite.port}`;
  const middle = Math.ceil(enrolled.length / 2);
  const halves = [enrolled.slice(0, middle), enrolled.slice(middle)].filter(({ length }) => length > 0);
  return Promise.all(halves.map((half) => startCrowd(home, servers, half)));
}

async function idleDevices(): Promise<readonly Figure[]> {
  const fresh = await startTrackerProcess();
  const { tracker: atRest } = await residentOf(fresh);
  await fresh.close();
  const { trackerProcess, enrolled } = await startCrowdedTracker(IDLE);
  const before = await residentOf(trackerProcess);
  const crowds = await startCrowds(trackerProcess, enrolled);
  const after = await residentOf(trackerProcess);
  for (const crowd of crowds) await crowd.end();
  await trackerProcess.close();
  const each = (bytes: number): string => `${(bytes / IDLE / 1_024).toFixed(1)} KiB`;
  return [
    {
      what: 'memory of a tracker that has just started',
      measured: megabytes(atRest),
      limit: `${megabytes(process.memoryUsage().rss)} this process`,
      ratio: '',
    },
    {
      what: `${IDLE.toLocaleString('en')} idle devices, memory per device in the tracker`,
      measured: each(after.tracker - before.tracker),
      limit: `${each(after.broker - before.broker)} in the broker`,
      ratio: '',
    },
  ];
}

interface Resident {
  readonly tracker: number;
  readonly broker: number;
}

async function residentOf(trackerProcess: TrackerProcess): Promise<Resident> {
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  const [tracker, broker] = await Promise.all([
    usageOf(trackerProcess.pid),
    usageOf(await brokerPid(trackerProcess)),
  ]);
  return {
    tracker: tracker?.residentBytes ?? Number.NaN,
    broker: broker?.residentBytes ?? Number.NaN,
  };
}

const brokerPid = async ({ home }: TrackerProcess): Promise<number> =>
  Number(await readFile(join(home, 'broker', 'broker.pid'), 'utf8'));

async function reconnecting(): Promise<readonly Figure[]> {
  const { trackerProcess, enrolled } = await startCrowdedTracker(RECONNECTING);
  const crowds = await startCrowds(trackerProcess, enrolled);
  const back = Promise.all(crowds.map(nextLine));
  const pid = await brokerPid(trackerProcess);
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  const listening = await waitForBroker(trackerProcess, pid).then(() => performance.now() - killedAt);
  await back;
  const all = performance.now() - killedAt;
  for (const crowd of crowds) await crowd.end();
  await trackerProcess.close();
  return [
    {
      what: `${RECONNECTING.toLocaleString('en')} devices, from the kill of the broker until all are answered again`,
      measured: milliseconds(all),
      limit: `${milliseconds(listening)} until it listens again`,
      ratio: times(all, listening),
    },
  ];
}

/** Resolves when a broker with another pid than `before` accepts connections. */
async function waitForBroker(trackerProcess: TrackerProcess, before: number): Promise<void> {
  const { host, port } = trackerProcess.invite;
  while ((await brokerPid(trackerProcess)) === before || !(await acceptsConnections(host, port))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const acceptsConnections = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
