// Simulated machines: network namespaces, cables between them, and programs in them. They need root on Linux, and are removed when the
// spec ends.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/** One end of a cable. */
export interface End {
  readonly space: string;
  readonly device: string;
}

export interface Spaces {
  /** Adds a machine without a network. */
  add(letter: string): string;
  /** Adds a cable between two machines. Packets on it are not merged and have checksums. */
  cable(one: string, other: string): readonly [End, End];
  /** Gives the address, such as `10.77.0.1/24`, to that end. */
  address(end: End, address: string): void;
  /** Starts a program of this folder (`wire`, `nat`); resolves when it is ready. */
  start(space: string, program: Program, args: readonly string[]): Promise<ChildProcess>;
}

type Program = (typeof PROGRAMS)[number];

const PROGRAMS = ['wire', 'nat'] as const;

/** The reason why network namespaces cannot be used on this machine; null if they can. */
export function unavailableReason(): string | null {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'only root can create network namespaces';
  for (const [program, use] of [
    ['ip', 'makes the namespaces (package iproute2)'],
    ['cc', 'compiles the bad wire and the NATs'],
  ] as const) {
    if (!isInstalled(program)) return `${program} is missing, which ${use}`;
  }
  try {
    const name = `ply${process.pid}x`;
    ip('netns', 'add', name);
    try {
      enableForwarding(name);
    } finally {
      ip('netns', 'del', name);
    }
    return null;
  } catch (error) {
    return `network namespaces are not allowed here (${String(error).split('\n')[0]})`;
  }
}

/** Starts empty; everything added is removed when the spec ends. */
export function openSpaces(t: ExecutionContext): Spaces {
  const mark = `ply${randomBytes(2).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'partyline-net-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  for (const program of PROGRAMS) execFileSync('cc', ['-O2', '-o', join(folder, program), sourceOf(program)]);
  let cables = 0;

  return {
    add(letter) {
      const space = `${mark}${letter}`;
      ip('netns', 'add', space);
      t.teardown(() => ip('netns', 'del', space));
      ip('-n', space, 'link', 'set', 'lo', 'up');
      return space;
    },
    cable(one, other) {
      cables += 1;
      const ends = [
        { space: one, device: `${mark}n${cables}` },
        { space: other, device: `${mark}f${cables}` },
      ] as const;
      const [near, far] = ends;
      ip(
        'link',
        'add',
        near.device,
        'netns',
        one,
        'type',
        'veth',
        'peer',
        'name',
        far.device,
        'netns',
        other,
      );
      for (const { space, device } of ends) {
        ip('-n', space, 'link', 'set', device, 'up');
        ip('netns', 'exec', space, join(folder, 'wire'), 'plain', device);
      }
      return ends;
    },
    address({ space, device }, address) {
      ip('-n', space, 'addr', 'add', address, 'dev', device);
    },
    async start(space, program, args) {
      const running = spawn('ip', ['netns', 'exec', space, join(folder, program), ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      t.teardown(() => running.kill('SIGKILL'));
      await once(running.stdout, 'data');
      return running;
    },
  };
}

/** The prefix of a command line that runs it in that namespace. */
export const within = (space: string): readonly string[] => ['ip', 'netns', 'exec', space];

/** Lets the machine forward packets between its cables. */
export function enableForwarding(space: string): void {
  ip('netns', 'exec', space, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
}

export function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function sourceOf(program: Program): string {
  return fileURLToPath(new URL(`../../../specs/net/${program}.c`, import.meta.url));
}

function isInstalled(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.some((folder) => existsSync(join(folder, program)));
}
