// Two machines and a bad wire between them, as network namespaces of this one. Root on Linux only; cleans up after itself.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Addresses } from '../../client/links/links.js';
import type { DeviceId } from '../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';
import { deviceIdOf } from '../client/links/device.js';
import { until } from '../support/until.js';

export interface Impairment {
  readonly delayMs: number;
  readonly lossPercent: number;
  readonly doubledPercent: number;
  readonly reorderedPercent: number;
}

export interface Report {
  readonly got: number;
  /** How many were not the next one. */
  readonly mistakes: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

interface Told {
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
  readonly told: readonly Told[];
  meet(other: Machine, carriers?: readonly ('tcp' | 'udp')[]): void;
  say(other: Machine, count: number, everyMs: number): void;
  report(): Promise<Report & { readonly queued: number }>;
  readonly publicKey: Buffer;
  readonly addresses: Addresses;
}

export interface Lab {
  readonly one: Machine;
  readonly two: Machine;
  /** Cuts the wire, or mends it. */
  readonly toggle: () => void;
}

const SOURCE = fileURLToPath(new URL('../../../specs/net/wire.c', import.meta.url));
const PEER = fileURLToPath(new URL('./hold-peer.js', import.meta.url));
const SEED = '7';

/** Why nothing of this can run here; null if it can. */
export function whyNot(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  for (const [program, use] of [
    ['ip', 'makes the namespaces (package iproute2)'],
    ['cc', 'compiles the bad wire'],
  ] as const) {
    if (!isThere(program)) return `there is no ${program}, which ${use}`;
  }
  try {
    const name = `ply${process.pid}x`;
    ip('netns', 'add', name);
    ip('netns', 'del', name);
    return null;
  } catch (error) {
    return `network namespaces are not allowed here (${String(error).split('\n')[0]})`;
  }
}

/** Two devices over these carriers, that do not know of each other yet; the first one dials. */
export async function openLab(
  t: ExecutionContext,
  carriers: readonly ('tcp' | 'udp')[],
  { delayMs, lossPercent, doubledPercent, reorderedPercent }: Impairment,
): Promise<Lab> {
  const mark = `ply${randomBytes(2).toString('hex')}`;
  const [wireSpace, spaces] = [`${mark}w`, [`${mark}a`, `${mark}b`] as const];
  const folder = mkdtempSync(join(tmpdir(), 'partyline-net-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const space of [wireSpace, ...spaces]) {
    ip('netns', 'add', space);
    t.teardown(() => ip('netns', 'del', space));
  }
  const wire = join(folder, 'wire');
  execFileSync('cc', ['-O2', '-o', wire, SOURCE]);
  for (const [index, space] of spaces.entries()) {
    const [near, far] = [`${mark}n${index}`, `${mark}f${index}`];
    ip('link', 'add', near, 'netns', space, 'type', 'veth', 'peer', 'name', far, 'netns', wireSpace);
    ip('-n', space, 'addr', 'add', `10.77.0.${index + 1}/24`, 'dev', near);
    for (const device of ['lo', near]) ip('-n', space, 'link', 'set', device, 'up');
    ip('-n', wireSpace, 'link', 'set', far, 'up');
    ip('netns', 'exec', space, wire, 'plain', near);
  }
  const figures = [delayMs, lossPercent, doubledPercent, reorderedPercent].map(String);
  const running = spawn(
    'ip',
    ['netns', 'exec', wireSpace, wire, `${mark}f0`, `${mark}f1`, ...figures, SEED],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  t.teardown(() => running.kill('SIGKILL'));
  await once(running.stdout, 'data');
  const keys = [generateSigningKey(), generateSigningKey()].toSorted((one, other) =>
    Buffer.compare(one.publicKey, other.publicKey),
  );
  const [first, second] = await Promise.all(
    keys.map((key, index) => startMachine(t, spaces[index] ?? '', key, carriers)),
  );
  if (first === undefined || second === undefined) throw new Error('two keys make two machines');
  return { one: first, two: second, toggle: () => void running.kill('SIGUSR1') };
}

async function startMachine(
  t: ExecutionContext,
  space: string,
  key: SigningKey,
  carriers: readonly string[],
): Promise<Machine> {
  const command = [process.execPath, PEER, key.seed.toString('hex'), carriers.join(',')];
  const child = spawn('ip', ['netns', 'exec', space, ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const told: Told[] = [];
  createInterface(child.stdout).on('line', (line) => void told.push(JSON.parse(line)));
  const order = (what: object): void => void child.stdin.write(`${JSON.stringify(what)}\n`);
  const { addresses } = await until(() => told.find((one) => one.addresses !== undefined), 'its addresses');
  return {
    id: deviceIdOf(key.publicKey),
    publicKey: key.publicKey,
    addresses: addresses ?? {},
    told,
    meet(other, by = ['tcp', 'udp']) {
      const candidates = Object.fromEntries(
        by.map((kind) => [kind, (other.addresses[kind] ?? []).filter(({ ip }) => ip.startsWith('10.77.'))]),
      );
      order({ meet: other.id, publicKey: other.publicKey.toString('hex'), candidates });
    },
    say: (other, count, everyMs) => order({ say: other.id, count, everyMs }),
    async report() {
      const before = told.length;
      order({ report: true });
      const found = await until(
        () => told.slice(before).find(({ report }) => report !== undefined),
        'its report',
      );
      if (found.report === undefined) throw new Error('a report that is none');
      return { ...found.report, queued: found.queued ?? 0 };
    },
  };
}

function isThere(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.some((folder) => existsSync(join(folder, program)));
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
