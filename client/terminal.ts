// A terminal put together: profile, session, links, history and chat. Which face shows it is the caller's business.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '../core/bus/connection/connection.js';
import { createSwitchboard } from '../core/bus/relay-hub.js';
import type { Clock } from '../core/time/clock.js';
import { invariant } from '../core/errors.js';
import type { Ids } from '../core/ids.js';
import { generateSigningKey } from '../core/keys.js';
import { createLog, type LogOptions } from '../core/log.js';
import { createChat } from './chat/chat.js';
import type { Chat } from './chat/port.js';
import { openHistory } from './history/history.js';
import { type Keeping, keepOnly } from './history/retention/schedule.js';
import { createLinks } from './links/links.js';
import { createRelayCarrier } from './links/relay/relay.js';
import { createTcpCarrier } from './links/tcp/tcp.js';
import { createUdpCarrier } from './links/udp/udp.js';
import { watchNetwork } from './network.js';
import { openProfile, type ProfileChoice } from './profile/profile.js';
import { openSession } from './session/session.js';
import { systemTimers } from './session/timers.js';

export interface TerminalOptions extends ProfileChoice, Keeping {
  /** The address on which direct links are taken; all of this machine when undefined. */
  readonly linkHost: string | undefined;
  readonly logLevel: NonNullable<LogOptions['level']>;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Terminal {
  readonly chat: Chat;
  /** The name of the profile, which may have been chosen for the user. */
  readonly profile: string;
  readonly logFile: string;
  close(): Promise<void>;
}

/** Throws an `OperatorError` when the profile or its history cannot be used, or no tracker is known. */
export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { clock, ids, linkHost } = options;
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let end = opened.pop(); end !== undefined; end = opened.pop()) await end();
  };

  try {
    const profile = await openProfile(options, { clock, newKey: generateSigningKey });
    opened.push(() => profile.close());
    const logFile = join(profile.folder, 'terminal.log');
    const log = createLog({ level: options.logLevel, file: logFile });
    const history = await openHistory({ file: join(profile.folder, 'history.db'), clock });
    opened.push(() => history.close());
    opened.push(keepOnly(history, options, log));
    const tools = { clock, ids, log, timers: systemTimers, random: Math.random };
    const switchboard = createSwitchboard();
    const session = openSession(profile, {
      ...tools,
      connect: connectBus,
      deviceName: `${hostname()} ${profile.name}`,
      onAdmitted: (bus, device) => switchboard.attach(bus, device),
    });
    opened.push(() => session.close());
    const network = watchNetwork();
    opened.push(async () => network.close());
    const chat = await createChat({
      session,
      network,
      history,
      clock,
      ids,
      log,
      sign: (device, data) => {
        invariant(session.identity?.device === device, 'only the device that is logged in speaks');
        return profile.device.sign(data);
      },
      // The key of a profile changes when its device is forgotten; links are opened for the one that is enrolled.
      openLinks: (device) => {
        invariant(session.identity?.device === device, 'links are for the device that is logged in');
        const at = linkHost === undefined ? {} : { host: linkHost };
        const tcp = createTcpCarrier({ log, ...at });
        const udp = createUdpCarrier({ clock, log, reflector: profile.invite.host, ...at });
        const relay = createRelayCarrier({ line: switchboard.line(device), ids, clock });
        return createLinks({
          key: profile.device,
          carriers: [tcp, udp, relay],
          clock,
          ids,
          random: Math.random,
          log,
        });
      },
    });
    opened.push(() => chat.close());
    return { chat, profile: profile.name, logFile, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
