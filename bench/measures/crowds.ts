// Many devices at one tracker: what each costs it while it does nothing, and how soon all are back when the broker dies.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { enrolCrowd, nextLine, startCrowd } from '../crowd.js';
import { type Figure, megabytes, milliseconds, times } from '../figures.js';
import type { Partner } from '../partner.js';
import { usageOf } from '../process.js';
import { sizeOf } from '../sizes.js';
import { openStage, type Stage } from '../tracker-process.js';

const RECONNECTING = sizeOf('BENCH_RECONNECTING', 500);
const IDLE = sizeOf('BENCH_IDLE', 500);
/** Until what starting and connecting leave behind is collected, and the broker's word of the last connection is in. */
const SETTLING_MS = 4_000;

export async function benchCrowds(): Promise<readonly Figure[]> {
  return [...(await idleness()), ...(await reconnecting())];
}

async function openCrowdedStage(count: number): Promise<{ stage: Stage; enrolled: readonly string[] }> {
  let enrolled: readonly string[] = [];
  const stage = await openStage({ PARTYLINE_BCRYPT_COST: '10' }, async (home) => {
    enrolled = await enrolCrowd(home, count);
  });
  return { stage, enrolled };
}

/** In two processes: terminals have processors of their own, too. */
function gatherAt({ home, invite }: Stage, enrolled: readonly string[]): Promise<readonly Partner[]> {
  const servers = `nats://${invite.host}:${invite.port}`;
  const middle = Math.ceil(enrolled.length / 2);
  const halves = [enrolled.slice(0, middle), enrolled.slice(middle)].filter(({ length }) => length > 0);
  return Promise.all(halves.map((half) => startCrowd(home, servers, half)));
}

async function idleness(): Promise<readonly Figure[]> {
  const fresh = await openStage();
  const { tracker: atRest } = await residentOf(fresh);
  await fresh.close();
  const { stage, enrolled } = await openCrowdedStage(IDLE);
  const before = await residentOf(stage);
  const crowds = await gatherAt(stage, enrolled);
  const after = await residentOf(stage);
  for (const crowd of crowds) await crowd.end();
  await stage.close();
  const each = (bytes: number): string => `${(bytes / IDLE / 1_024).toFixed(1)} KiB`;
  return [
    {
      what: 'a tracker that has just started, memory',
      measured: megabytes(atRest),
      limit: `${megabytes(process.memoryUsage().rss)} this process`,
      ratio: '',
    },
    {
      what: `${IDLE.toLocaleString('en')} idle devices, memory of each in the tracker`,
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

async function residentOf(stage: Stage): Promise<Resident> {
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
  const [tracker, broker] = await Promise.all([usageOf(stage.pid), usageOf(await brokerPid(stage))]);
  return {
    tracker: tracker?.residentBytes ?? Number.NaN,
    broker: broker?.residentBytes ?? Number.NaN,
  };
}

const brokerPid = async ({ home }: Stage): Promise<number> =>
  Number(await readFile(join(home, 'broker', 'broker.pid'), 'utf8'));

async function reconnecting(): Promise<readonly Figure[]> {
  const { stage, enrolled } = await openCrowdedStage(RECONNECTING);
  const crowds = await gatherAt(stage, enrolled);
  const back = Promise.all(crowds.map(nextLine));
  const pid = await brokerPid(stage);
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  const listening = await whenListening(stage, pid).then(() => performance.now() - killedAt);
  await back;
  const all = performance.now() - killedAt;
  for (const crowd of crowds) await crowd.end();
  await stage.close();
  return [
    {
      what: `${RECONNECTING.toLocaleString('en')} devices after the broker was killed, all answered again`,
      measured: milliseconds(all),
      limit: `${milliseconds(listening)} until it listens again`,
      ratio: times(all, listening),
    },
  ];
}

/** Resolves when a broker other than `before` takes connections. */
async function whenListening(stage: Stage, before: number): Promise<void> {
  const { host, port } = stage.invite;
  while ((await brokerPid(stage)) === before || !(await takesConnections(host, port))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const takesConnections = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });
