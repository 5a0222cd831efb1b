// `partyline up`: a broker and a tracker on this machine, then a chat terminal if the process runs on a terminal.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startTracker, type Tracker, type TrackerOptions } from '../actors/tracker.js';
import { brokerFolder } from '../core/bus/broker/configuration.js';
import { brokerCache, findBroker } from '../core/bus/broker/find.js';
import { requirePort } from '../core/bus/broker/port.js';
import { provisionBroker } from '../core/bus/broker/provision.js';
import type { FoundBroker } from '../core/bus/broker/version.js';
import { systemClock } from '../core/time/clock.js';
import { systemSteadyClock } from '../core/time/steady-clock.js';
import { parseDuration } from '../core/time/duration.js';
import { OperatorError } from '../core/errors.js';
import { lockHome } from '../core/home.js';
import { systemIds } from '../core/ids.js';
import { createLog } from '../core/log.js';
import { typeable } from './invocation.js';
import { TRACKER_HOME } from '../client/profile/local-invite.js';
import type { Values } from './options.js';
import type { upSettings } from './settings.js';
import { whenAskedToStop, whenOutputCloses } from './signals.js';
import { wrapped } from './wrapped.js';

export type UpOptions = Values<(typeof upSettings)[number]> & { readonly headless?: boolean };

type TlsOptions = Values<'brokerHost' | 'insecure' | 'tlsCert' | 'tlsKey'>;

/** Runs until it is asked to stop, or until the user leaves its terminal. */
export async function up(options: UpOptions): Promise<void> {
  const home = options.home ?? TRACKER_HOME;
  const hasTerminal = options.headless !== true && process.stdin.isTTY && process.stdout.isTTY;
  const tls = tlsOf(options);
  await requireRoom(home, options);
  const nats = await getBroker(options.natsServer);
  // The terminal would draw over a log on the screen, so the log goes to a file.
  const log = createLog({ level: options.logLevel, ...(hasTerminal && { file: join(home, 'tracker.log') }) });
  const asked = whenAskedToStop();
  // A reader that needs only the first line may close the output. The tracker keeps running.
  void whenOutputCloses();
  const tracker = await startTracker({
    home,
    nats,
    host: options.brokerHost,
    port: options.brokerPort,
    udpPort: options.udpPort,
    tls,
    passwords: { cost: options.bcryptCost, maxQueue: options.loginQueue },
    admission: {
      registrationsPerHour: options.registrationsPerHour,
      isLoopbackThrottled: options.throttleLoopback,
      requestsPerSecond: options.requestRate,
    },
    adminAbsenceMs: parseDuration(options.adminAbsence),
    clock: systemClock,
    steadyClock: systemSteadyClock,
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
  // `partyline chat` does not find the invite of a home that was named with an option, so the command line contains the invite.
  const invite = options.home === undefined ? '' : ` '${tracker.invite}'`;
  process.stdout.write(`${typeable(`Others on this machine join with: partyline chat${invite}`)}\n`);
  process.stdout.write('Leaving this terminal also stops the tracker.\n');
  const { profile, linkHost, keepDays, keepMessages, notify, screenReader, theme, ascii, keys, logLevel } =
    options;
  const { runTerminal, terminalCanShowDashboard } = await import('./chat.js');
  await runTerminal({
    invite: tracker.invite,
    home: undefined,
    profile,
    linkHost,
    keepDays,
    keepMessages,
    notify,
    screenReader,
    theme,
    ascii,
    keys,
    logLevel,
    face: terminalCanShowDashboard() && !screenReader ? 'dashboard' : 'plain',
    asked,
  });
}

/**
 * The TLS options. Everyone on a network can read and change clear text, so outside loopback the connection is
 * unencrypted only on explicit request.
 */
export function tlsOf({ brokerHost, insecure, tlsCert, tlsKey }: TlsOptions): TrackerOptions['tls'] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: tlsCert, key: tlsKey };
  if (tlsCert !== undefined || tlsKey !== undefined) {
    throw new OperatorError(
      'a certificate and its key must be given together',
      'Give both --tls-cert FILE and --tls-key FILE, or neither: the tracker then makes both.',
    );
  }
  return insecure || brokerHost.startsWith('127.') || brokerHost === '::1' ? 'none' : 'made';
}

/**
 * Checks that the home and the port are available. The start of the tracker checks them too, but only after the broker was
 * fetched, which takes time.
 */
async function requireRoom(
  home: string,
  { brokerHost, brokerPort }: Values<'brokerHost' | 'brokerPort'>,
): Promise<void> {
  const lock = await lockHome(home);
  try {
    // The broker of a tracker that was killed may still hold the port. The start of the tracker stops this broker, so the port is
    // not checked.
    if (!existsSync(brokerFolder(lock.home).pidFile)) await requirePort(brokerHost, brokerPort);
  } finally {
    await lock.release();
  }
}

/** The broker's program, which is downloaded if it is missing. Reports progress on standard error. */
async function getBroker(explicit: string | undefined): Promise<FoundBroker> {
  const cache = brokerCache();
  const found = await findBroker({ explicit, path: process.env['PATH'] ?? '', cache });
  return found ?? provisionBroker({ cache, onProgress: tell });
}

const tell = (line: string): void => void process.stderr.write(`${wrapped(line, process.stderr)}\n`);
