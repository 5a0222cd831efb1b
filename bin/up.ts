// `partyline up`: broker and tracker on this machine, then a terminal if there is one to show it on.
import { join } from 'node:path';
import { startTracker, type Tracker } from '../actors/tracker.js';
import { findBroker, brokerCache } from '../core/bus/broker/find.js';
import { provisionBroker } from '../core/bus/broker/provision.js';
import type { FoundBroker } from '../core/bus/broker/version.js';
import { systemClock } from '../core/clock.js';
import { OperatorError } from '../core/errors.js';
import { systemIds } from '../core/ids.js';
import { createLog } from '../core/log.js';
import { runTerminal } from './chat.js';
import { TRACKER_HOME } from './local-invite.js';
import type { Values } from './options.js';
import { whenAskedToStop } from './signals.js';

export const upSettings = [
  'home',
  'brokerPort',
  'brokerHost',
  'insecure',
  'natsServer',
  'bcryptCost',
  'loginQueue',
  'metricsPort',
  'metricsHost',
  'profile',
  'linkHost',
  'logLevel',
] as const;

export type UpOptions = Values<(typeof upSettings)[number]> & { readonly headless?: boolean };

/** Serves until it is asked to stop, or until its terminal is left. */
export async function up(options: UpOptions): Promise<void> {
  const home = options.home ?? TRACKER_HOME;
  const hasTerminal = options.headless !== true && process.stdin.isTTY && process.stdout.isTTY;
  refuseOpenBroker(options);
  const nats = await getBroker(options.natsServer);
  // A log on the screen would be drawn over by the terminal.
  const log = createLog({ level: options.logLevel, ...(hasTerminal && { file: join(home, 'tracker.log') }) });
  const asked = whenAskedToStop();
  const tracker = await startTracker({
    home,
    nats,
    host: options.brokerHost,
    port: options.brokerPort,
    passwords: { cost: options.bcryptCost, maxQueue: options.loginQueue },
    clock: systemClock,
    ids: systemIds,
    log,
    ...(options.metricsPort !== undefined && {
      metrics: { host: options.metricsHost, port: options.metricsPort },
    }),
  });
  try {
    process.stdout.write(`ready ${tracker.invite}\n`);
    if (hasTerminal) await terminalBeside(tracker, options, asked);
    else await asked;
  } finally {
    await tracker.stop();
  }
}

async function terminalBeside(tracker: Tracker, options: UpOptions, asked: Promise<unknown>): Promise<void> {
  process.stdout.write('Others on this machine join with: npx partyline chat\n');
  process.stdout.write('Leaving this terminal ends the tracker, too.\n');
  const { profile, linkHost, logLevel } = options;
  await runTerminal({
    invite: tracker.invite,
    home: undefined,
    profile,
    linkHost,
    logLevel,
    face: 'plain',
    asked,
  });
}

/** What lies in clear text on a network can be read and changed by everyone on it. */
function refuseOpenBroker({ brokerHost, insecure }: UpOptions): void {
  if (insecure || brokerHost.startsWith('127.') || brokerHost === '::1') return;
  throw new OperatorError(
    `the broker would listen on ${brokerHost} without TLS, readable for everyone on the way`,
    'Listen on 127.0.0.1; or take the risk on a network you trust: --insecure.',
  );
}

/** The broker's program, fetched if there is none; says on standard error what it does meanwhile. */
async function getBroker(explicit: string | undefined): Promise<FoundBroker> {
  const cache = brokerCache();
  const found = await findBroker({ explicit, path: process.env['PATH'] ?? '', cache });
  return found ?? provisionBroker({ cache, onProgress: (line) => process.stderr.write(`${line}\n`) });
}
