// Every setting in one table: its flag, its environment variable, its default, what it may be. A flag wins over the
// environment, the environment over the default.
import { z } from 'zod';
import { parseDuration } from './time/duration.js';

export interface Setting<T, Fallback extends T | undefined = T | undefined> {
  /** As a command line has it, with the placeholder of its value. */
  readonly flag: string;
  readonly env: string;
  /** One sentence, for `--help` and the documentation. */
  readonly description: string;
  /** Undefined where the default depends on the machine; the description then says on what. */
  readonly fallback: Fallback;
  /** Reads the text of a flag or a variable. */
  readonly schema: z.ZodType<T>;
}

const setting = <T, F extends T | undefined>(row: Setting<T, F>): Setting<T, F> => row;

const path = z.string().min(1, 'Give a path.');
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `Give a whole number from ${min} to ${max}.`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `Give a whole number from ${min} to ${max}.`);
const onOff = z
  .enum(['1', '0', 'true', 'false', ''], 'Give 1 or 0.')
  .transform((text) => text === '1' || text === 'true');

/** Where a tracker listens unless told. */
const DEFAULT_BROKER_PORT = 7422;

export const settings = {
  home: setting({
    flag: '--home <dir>',
    env: 'PARTYLINE_HOME',
    description: "Where everything is kept: .partyline for a tracker, the user's data folder for a terminal.",
    fallback: undefined,
    schema: path,
  }),
  brokerPort: setting({
    flag: '--broker-port <n>',
    env: 'PARTYLINE_BROKER_PORT',
    description: 'The port of the broker; 0 is any free one, and the same again at the next start.',
    fallback: DEFAULT_BROKER_PORT,
    schema: whole(0, 65_535),
  }),
  brokerHost: setting({
    flag: '--broker-host <address>',
    env: 'PARTYLINE_BROKER_HOST',
    description: 'The address the broker listens on; beyond loopback with TLS, unless --insecure.',
    fallback: '127.0.0.1',
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  udpPort: setting({
    flag: '--udp-port <n>',
    env: 'PARTYLINE_UDP_PORT',
    description:
      'The first of two UDP ports at which terminals learn their address from outside; 0 is any free ones.',
    fallback: 0,
    schema: whole(0, 65_534),
  }),
  insecure: setting({
    flag: '--insecure',
    env: 'PARTYLINE_INSECURE',
    description: 'Lets the broker listen beyond loopback without TLS.',
    fallback: false,
    schema: onOff,
  }),
  tlsCert: setting({
    flag: '--tls-cert <file>',
    env: 'PARTYLINE_TLS_CERT',
    description: "The broker's certificate or chain, PEM; beyond loopback one is made unless told.",
    fallback: undefined,
    schema: path,
  }),
  tlsKey: setting({
    flag: '--tls-key <file>',
    env: 'PARTYLINE_TLS_KEY',
    description: 'The private key of --tls-cert, PEM.',
    fallback: undefined,
    schema: path,
  }),
  natsServer: setting({
    flag: '--nats-server <path>',
    env: 'PARTYLINE_NATS_SERVER',
    description: 'The nats-server to run; else one from PATH, else one that is fetched once.',
    fallback: undefined,
    schema: path,
  }),
  bcryptCost: setting({
    flag: '--bcrypt-cost <n>',
    env: 'PARTYLINE_BCRYPT_COST',
    description: 'The cost of password hashes, 10 to 15; each step doubles the time of a login.',
    fallback: 12,
    schema: whole(10, 15),
  }),
  loginQueue: setting({
    flag: '--login-queue <n>',
    env: 'PARTYLINE_LOGIN_QUEUE',
    description: 'How many logins and registrations may wait for their password to be checked.',
    fallback: 256,
    schema: whole(1, 100_000),
  }),
  metricsPort: setting({
    flag: '--metrics-port <n>',
    env: 'PARTYLINE_METRICS_PORT',
    description:
      'The port for metrics, health and readiness; 0 is any free one, and none are shown unless told.',
    fallback: undefined,
    schema: whole(0, 65_535),
  }),
  metricsHost: setting({
    flag: '--metrics-host <address>',
    env: 'PARTYLINE_METRICS_HOST',
    description: 'The address on which metrics are shown, to everyone who can reach it.',
    fallback: '127.0.0.1',
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  registrationsPerHour: setting({
    flag: '--registrations-per-hour <n>',
    env: 'PARTYLINE_REGISTRATIONS_PER_HOUR',
    description: 'How many accounts may be made from one address in an hour.',
    fallback: 10,
    schema: whole(1, 1_000_000),
  }),
  throttleLoopback: setting({
    flag: '--throttle-loopback',
    env: 'PARTYLINE_THROTTLE_LOOPBACK',
    description: 'Counts accounts made on this machine itself, too.',
    fallback: false,
    schema: onOff,
  }),
  adminAbsence: setting({
    flag: '--admin-absence <duration>',
    env: 'PARTYLINE_ADMIN_ABSENCE',
    description:
      'How long a room whose admins are all offline waits until a member who is online leads it too, as 90m, 24h or 7d; 0 is for ever.',
    fallback: '24h',
    schema: z
      .string()
      .refine(
        (text) => text === '0' || (parseDuration(text) ?? 0) > 0,
        'Give a duration such as 90m, 24h or 7d, or 0.',
      ),
  }),
  requestRate: setting({
    flag: '--request-rate <n>',
    env: 'PARTYLINE_REQUEST_RATE',
    description: 'How much one terminal may ask of the tracker in a second; four times as much at once.',
    fallback: 500,
    schema: whole(10, 1_000_000),
  }),
  profile: setting({
    flag: '--profile <name>',
    env: 'PARTYLINE_PROFILE',
    description:
      'Which identity on this machine a terminal uses; a free one, best with an account, unless told.',
    fallback: undefined,
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'Give 1 to 32 letters, digits, "_" or "-".'),
  }),
  linkHost: setting({
    flag: '--link-host <address>',
    env: 'PARTYLINE_LINK_HOST',
    description: 'The address on which a terminal takes direct links; all of this machine unless told.',
    fallback: undefined,
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  keepDays: setting({
    flag: '--keep-days <n>',
    env: 'PARTYLINE_KEEP_DAYS',
    description: 'How many days a terminal keeps a message; for good unless told.',
    fallback: undefined,
    schema: whole(1, 36_500),
  }),
  keepMessages: setting({
    flag: '--keep-messages <n>',
    env: 'PARTYLINE_KEEP_MESSAGES',
    description: 'How many messages a terminal keeps of each conversation, the latest; all unless told.',
    fallback: undefined,
    schema: whole(1, 999_999_999),
  }),
  notify: setting({
    flag: '--notify <how>',
    env: 'PARTYLINE_NOTIFY',
    description: 'How a terminal calls its user: off, bell, or a desktop notification by osc9 or osc777.',
    fallback: 'off' as const,
    schema: z.enum(['off', 'bell', 'osc9', 'osc777'], 'Give off, bell, osc9 or osc777.'),
  }),
  theme: setting({
    flag: '--theme <name>',
    env: 'PARTYLINE_THEME',
    description: 'The colours of the dashboard: dark, light or high-contrast.',
    fallback: 'dark' as const,
    schema: z.enum(['dark', 'light', 'high-contrast'], 'Give dark, light or high-contrast.'),
  }),
  keys: setting({
    flag: '--keys <file>',
    env: 'PARTYLINE_KEYS',
    description: 'A file with other keys for the dashboard; the usual ones unless told.',
    fallback: undefined,
    schema: path,
  }),
  logLevel: setting({
    flag: '--log-level <level>',
    env: 'PARTYLINE_LOG_LEVEL',
    description: 'How much is logged: fatal, error, warn, info, debug or trace.',
    fallback: 'info' as const,
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']),
  }),
} as const;

export type SettingName = keyof typeof settings;

/** The value of one setting; undefined only where the table has no default. */
export type SettingValue<N extends SettingName> =
  (typeof settings)[N] extends Setting<infer T, infer F> ? (F extends undefined ? T | undefined : T) : never;
