// Two devices on separate machines, with a bad wire between them.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { spawnTied } from '../../bin/children/tied.js';
import type { Addresses } from '../../client/links/introduction.js';
import type { DeviceId } from '../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';
import { deviceIdOf } from '../client/links/device.js';
import { until } from '../support/until.js';
import { openSpaces, within } from './spaces.js';

export interface Impairment {
  readonly delayMs: number;
  readonly lossPercent: number;
  readonly doubledPercent: number;
  readonly reorderedPercent: number;
}

export interface Report {
  readonly got: number;
  /** Payloads that were out of order or repeated. */
  readonly mistakes: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

interface PeerReport {
  readonly addresses?: Addresses;
  readonly report?: Report;
  readonly queued?: number;
  readonly state?: string;
  readonly carrier?: string | null;
  readonly reason?: string;
  readonly at?: number;
}

export interface Machine {
  readonly id: DeviceId;
  readonly reports: readonly PeerReport[];
  meet(other: Machine, carriers?: readonly ('tcp' | 'udp')[]): void;
  /** @param characters the length of each payload */
  say(other: Machine, count: number, everyMs: number, characters?: number): void;
  report(): Promise<Report & { readonly queued: number }>;
  readonly publicKey: Buffer;
  readonly addresses: Addresses;
}

export interface Lab {
  readonly one: Machine;
  readonly two: Machine;
  /** Cuts the wire, or connects it again. */
  readonly toggle: () => void;
}

const PEER = fileURLToPath(new URL('./hold-peer.js', import.meta.url));
const SEED = '7';

/** Two devices over these carriers that are not introduced yet; the first one dials. */
export async function openLab(
  t: ExecutionContext,
  carriers: readonly ('tcp' | 'udp')[],
  { delayMs, lossPercent, doubledPercent, reorderedPercent }: Impairment,
): Promise<Lab> {
  const net = openSpaces(t);
  const [wireSpace, spaces] = [net.add('w'), [net.add('a'), net.add('b')] as const];
  const ports = spaces.map((space, index) => {
    const [near, far] = net.cable(space, wireSpace);
    net.address(near, `10.77.0.${index + 1}/24`);
    return far.device;
  });
  const figures = [delayMs, lossPercent, doubledPercent, reorderedPercent].map(String);
  const running = await net.start(wireSpace, 'wire', [...ports, ...figures, SEED]);
  return { ...(await startMachines(t, spaces, carriers)), toggle: () => void running.kill('SIGUSR1') };
}

/** Starts a device in each of the two spaces; the first one dials. */
export async function startMachines(
  t: ExecutionContext,
  spaces: readonly [string, string],
  carriers: readonly ('tcp' | 'udp')[],
): Promise<Pick<Lab, 'one' | 'two'>> {
  const keys = [generateSigningKey(), generateSigningKey()].toSorted((one, other) =>
    Buffer.compare(one.publicKey, other.publicKey),
  );
  const [one, two] = await Promise.all(
    keys.map((key, index) => startMachine(t, spaces[index] ?? '', key, carriers)),
  );
  if (one === undefined || two === undefined) throw new Error('two keys make two machines');
  return { one, two };
}

async function startMachine(
  t: ExecutionContext,
  space: string,
  key: SigningKey,
  carriers: readonly string[],
): Promise<Machine> {
  const {
    process: child,
    stdin,
    stdout,
  } = spawnTied({
    words: [PEER, key.seed.toString('hex'), carriers.join(',')],
    by: within(space),
    stdin: 'pipe',
    stderr: 'inherit',
  });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const reports: PeerReport[] = [];
  createInterface(stdout).on('line', (line) => void reports.push(JSON.parse(line)));
  const order = (what: object): void => void stdin?.write(`${JSON.stringify(what)}\n`);
  const { addresses } = await until(
    () => reports.find((one) => one.addresses !== undefined),
    'its addresses',
  );
  return {
    id: deviceIdOf(key.publicKey),
    publicKey: key.publicKey,
    addresses: addresses ?? {},
    reports,
    meet(other, by = ['tcp', 'udp']) {
      const candidates = Object.fromEntries(
        by.map((kind) => [kind, (other.addresses[kind] ?? []).filter(({ ip }) => ip.startsWith('10.77.'))]),
      );
      order({ meet: other.id, publicKey: other.publicKey.toString('hex'), candidates });
    },
    say: (other, count, everyMs, characters = 200) => order({ say: other.id, count, everyMs, characters }),
    async report() {
      const before = reports.length;
      order({ report: true });
      const found = await until(
        () => reports.slice(before).find(({ report }) => report !== undefined),
        'its report',
      );
      if (found.report === undefined) throw new Error('the report is empty');
      return { ...found.report, queued: found.queued ?? 0 };
    },
  };
}
