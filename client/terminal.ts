// The composition root of a terminal: profile, session, links, history and chat. It shows nothing; the caller adds a face.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '../core/bus/connection/connection.js';
import { createRelayHub } from '../core/bus/relay-hub.js';
import { type Clock, keepAliveSchedule, systemSchedule } from '../core/time/clock.js';
import { invariant } from '../core/errors.js';
import type { Ids } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { createLog, type Log, type LogOptions } from '../core/log.js';
import { closeAndThrow, createShutdownStack, type ShutdownStack } from '../core/shutdown-stack.js';
import { createChat } from './chat/chat.js';
import type { Chat } from './chat/port.js';
import { watchWriteAheadLog } from '../core/write-ahead-log.js';
import { openHistory } from './history/history.js';
import { createTimekeeping } from './history/timekeeping.js';
import { type RetentionSettings, scheduleRetention } from './history/retention/schedule.js';
import { createLinks } from './links/links.js';
import { createRelayCarrier } from './links/relay/relay.js';
import { createTcpCarrier } from './links/tcp/tcp.js';
import { createUdpCarrier } from './links/udp/udp.js';
import { watchNetwork } from './network.js';
import { createEvidenceFolder } from './profile/evidence.js';
import { openProfile, type ProfileChoice } from './profile/profile.js';
import { openSession } from './session/session.js';
import { createTrackerClock, type TrackerClock } from './time/tracker-clock.js';

export interface TerminalOptions extends ProfileChoice, RetentionSettings {
  /** The address on which direct links are accepted; every address of this machine when undefined. */
  readonly linkHost: string | undefined;
  /** Whether a program uses the terminal, not a person; false by default. */
  readonly isBot?: boolean;
  readonly logLevel: NonNullable<LogOptions['level']>;
  /** The machine's clock. */
  readonly clock: Clock;
  /** A clock for durations, which never goes back. */
  readonly steadyClock: Clock;
  readonly ids: Ids;
}

export interface Terminal {
  readonly chat: Chat;
  /** The clock for times shown to users: the tracker's time, or the machine's time until the tracker has reported its time. */
  readonly clock: Clock;
  /** The name of the profile. The program chose it if the user gave no name. */
  readonly profile: string;
  readonly logFile: string;
  /**
   * Closes all parts, the latest opened first. A failure does not stop the closing of the other parts; afterwards `close`
   * rejects.
   */
  close(): Promise<void>;
}

/** The functions that open the parts. Specs replace them. */
export interface TerminalOpeners {
  readonly openProfile: typeof openProfile;
  readonly openHistory: typeof openHistory;
  readonly openSession: typeof openSession;
}

const systemOpeners: TerminalOpeners = { openProfile, openHistory, openSession };

/**
 * Throws an `OperatorError` when the profile or its history cannot be used, or when no tracker is known. Before it throws, it
 * closes the parts that are already open; a failure to close a part is logged.
 */
export async function openTerminal(
  options: TerminalOptions,
  openers: TerminalOpeners = systemOpeners,
): Promise<Terminal> {
  const shutdown = createShutdownStack();
  const { clock } = options;
  const profile = await openers.openProfile(options, { clock, newKey: generateSigningKey });
  shutdown.add(() => profile.close());
  const logFile = join(profile.folder, 'terminal.log');
  let log: Log | null = null;
  try {
    log = createLog({ level: options.logLevel, file: logFile });
    const openLog = log;
    const trackerClock = createTrackerClock({
      machine: clock,
      steady: options.steadyClock,
      run: (work) => {
        work.catch((error: unknown) => openLog.error({ error }, 'a changed time cannot be applied'));
      },
    });
    const chat = await openChat({ options, openers, profile, trackerClock, log, shutdown });
    return { chat, clock: trackerClock, profile: profile.name, logFile, close: () => shutdown.close() };
  } catch (thrown) {
    return closeAndThrow(
      thrown,
      () => shutdown.close(),
      // Without a log file the failure goes to standard error.
      (error) =>
        (log ?? createLog()).error(
          { err: error },
          'a terminal that failed to open was not closed completely',
        ),
    );
  }
}

interface ChatParts {
  readonly options: TerminalOptions;
  readonly openers: TerminalOpeners;
  readonly profile: Awaited<ReturnType<typeof openProfile>>;
  readonly trackerClock: TrackerClock;
  readonly log: Log;
  readonly shutdown: ShutdownStack;
}

/** Opens all parts except the profile. Each part is added to the shutdown stack as soon as it is open. */
async function openChat(parts: ChatParts): Promise<Chat> {
  const { options, openers, profile, trackerClock, log, shutdown } = parts;
  const { clock, steadyClock, ids, linkHost } = options;
  const file = join(profile.folder, 'history.db');
  const history = await openers.openHistory({
    file,
    clock: trackerClock,
    steadyClock,
    // Keep the process alive while it closes, until the last messages are stored.
    schedule: keepAliveSchedule,
    idleSchedule: systemSchedule,
    log,
  });
  shutdown.add(() => history.close());
  const writeAheadLog = watchWriteAheadLog({ file, log, schedule: systemSchedule });
  shutdown.add(() => writeAheadLog.close());
  const timekeeping = createTimekeeping(history, trackerClock);
  shutdown.add(() => timekeeping.close());
  const retention = scheduleRetention({
    history,
    timekeeping,
    trackerClock,
    settings: { keepDays: options.keepDays, keepMessages: options.keepMessages },
    schedule: systemSchedule,
    log,
  });
  shutdown.add(() => retention.close());
  const clocks = { clock, steadyClock, trackerClock };
  const tools = { ...clocks, ids, log, schedule: keepAliveSchedule, random: Math.random };
  const relayHub = createRelayHub();
  const session = openers.openSession(profile, {
    ...tools,
    connect: connectBus,
    deviceName: `${hostname()} ${profile.name}`,
    onAdmitted: (bus, device) => relayHub.attach(bus, device),
  });
  shutdown.add(() => session.close());
  const network = watchNetwork(systemSchedule);
  shutdown.add(() => network.close());
  const chat = await createChat({
    session,
    network,
    history,
    trackerClock,
    steadyClock,
    retention,
    isBot: options.isBot === true,
    keepEvidence: createEvidenceFolder(join(profile.folder, 'evidence')),
    ids,
    log,
    sign: (device, data) => {
      invariant(session.identity?.device === device, 'only the device that is logged in signs messages');
      return profile.device.sign(data);
    },
    // The key of the profile changes when its device is forgotten. So check that the key is still that of the enrolled device.
    openLinks: (device) => {
      invariant(session.identity?.device === device, 'only the device that is logged in opens links');
      const at = linkHost === undefined ? {} : { host: linkHost };
      const tcp = createTcpCarrier({ schedule: systemSchedule, log, ...at });
      const udp = createUdpCarrier({
        clock: steadyClock,
        schedule: systemSchedule,
        log,
        reflector: profile.invite.host,
        ...at,
      });
      const relay = createRelayCarrier({ messenger: relayHub.line(device), ids, clock: steadyClock });
      return createLinks({
        key: profile.device,
        carriers: [tcp, udp, relay],
        clock: steadyClock,
        schedule: systemSchedule,
        ids,
        random: Math.random,
        log,
      });
    },
  });
  shutdown.add(() => chat.close());
  return chat;
}
