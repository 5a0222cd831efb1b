// Terminals of one process around one tracker in memory: whole chats over real histories.
// Links go through memory, or over a real carrier on loopback if the spec asks for that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { RetentionSettings } from '../../../../client/history/retention/schedule.js';
import type { CarrierKind } from '../../../../client/links/carrier.js';
import { type DeviceId, systemIds } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { type Clock, systemClock } from '../../../../core/time/clock.js';
import { createWire, type Wire } from './carriers.js';
import { SpecNet } from './net.js';
import { deviceOf, KEEPS_ALL, newDevice, openTerminal, type Profile, type Terminal } from './terminal.js';
import { SpecTracker } from './tracker.js';
import type { User } from './user.js';

export { newDevice, type Terminal } from './terminal.js';

export interface MachineOptions {
  /** The clock of its machine; the real time by default. */
  readonly clock?: Clock;
  readonly keeps?: RetentionSettings;
  /** Whether a program uses the terminal; false by default. */
  readonly isBot?: boolean;
}

export interface World {
  readonly tracker: SpecTracker;
  readonly net: SpecNet;
  /** The links over a real carrier; unused when links go through memory. */
  readonly wire: Wire;
  /** Starts a terminal with a new device of this user; resolves when it is online. */
  terminal(username: string, machine?: MachineOptions): Promise<Terminal>;
  /** Starts the same terminal again, after `stop` or, without it, as after a crash. */
  restart(terminal: Profile): Promise<Terminal>;
  /** Somebody without a terminal: the account of that name with its first device, made if absent. */
  user(username: string): Promise<User>;
}

export async function createWorld(
  t: ExecutionContext,
  carrier: 'memory' | CarrierKind = 'memory',
): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-chat-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  // Keeps the process alive. A real terminal's sockets do that, but these terminals have no sockets, and their timers do not keep
  // it alive.
  const alive = setInterval(() => undefined, 60_000);
  t.teardown(() => clearInterval(alive));
  const tracker = await SpecTracker.open(t, folder);
  const net = new SpecNet();
  const wire = createWire(carrier === 'memory' ? 'tcp' : carrier);
  const running = new Map<DeviceId, Set<Terminal>>();
  t.teardown(async () => {
    for (const terminal of [...running.values()].flatMap((all) => [...all])) await terminal.stop();
  });

  const onMove = (device: DeviceId, ip: string): void => {
    net.end(device).ip = ip;
  };
  const openLinks = ({ key, device }: Profile) =>
    carrier === 'memory' ? net.openLinks : () => wire.open(key, device);

  async function start(profile: Profile): Promise<Terminal> {
    const opened = await openTerminal(profile, { tracker, openLinks, onMove });
    const ofDevice = running.get(profile.device) ?? new Set();
    // A new connection of a device replaces the one that a crash left.
    for (const former of ofDevice) former.session.drop();
    running.set(profile.device, ofDevice);
    const terminal: Terminal = {
      ...opened,
      async stop() {
        ofDevice.delete(terminal);
        await opened.stop();
      },
    };
    ofDevice.add(terminal);
    await terminal.session.become('online');
    if (tracker.isUp) t.true(await terminal.chat.whenOnline(60_000), `${profile.username} is online`);
    return terminal;
  }

  return {
    tracker,
    net,
    wire,
    async terminal(username, { clock = systemClock, keeps = KEEPS_ALL, isBot = false } = {}) {
      const key = generateSigningKey();
      const device = deviceOf(key);
      await tracker.enrol(username, device);
      const file = join(folder, `${systemIds.next()}.db`);
      return start({ username, key, device, file, machine: clock, keeps, isBot });
    },
    restart: ({ username, key, device, file, machine, keeps, isBot = false }) =>
      start({ username, key, device, file, machine, keeps, isBot }),
    user: (username) => tracker.user(username, newDevice),
  };
}
