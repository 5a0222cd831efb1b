// Every setting in one table: its flag, environment variable, default and permitted values. A flag overrides the
// environment, and the environment overrides the default.
import { z } from 'zod';
import { parseDuration } from './time/duration.js';

export interface Setting<T, Fallback extends T | undefined = T | undefined> {
  /** The flag on the command line, with a placeholder for its value. */
  readonly flag: string;
  readonly env: string;
  /** One sentence, for `--help` and the documentation. */
  readonly description: string;
  /** Undefined if the default depends on the machine; the description then says on what. */
  readonly fallback: Fallback;
  /** Parses the text of a flag or a variable. */
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

/** The tracker's default port. */
const DEFAULT_BROKER_PORT = 7422;

export const settings = {
  home: setting({
    flag: '--home <dir>',
    env: 'PARTYLINE_HOME',
    description: "The data folder: .partyline for a tracker, the user's data folder for a terminal.",
    fallback: undefined,
    schema: path,
  }),
  brokerPort: setting({
    flag: '--broker-port <n>',
    env: 'PARTYLINE_BROKER_PORT',
    description: 'The port of the broker; 0 picks any free port and reuses it at the next start.',
    fallback: DEFAULT_BROKER_PORT,
    schema: whole(0, 65_535),
  }),
  brokerHost: setting({
    flag: '--broker-host <address>',
    env: 'PARTYLINE_BROKER_HOST',
    description:
      'The address the broker listens on; an address beyond loopback needs TLS, unless --insecure.',
    fallback: '127.0.0.1',
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  udpPort: setting({
    flag: '--udp-port <n>',
    env: 'PARTYLINE_UDP_PORT',
    description: 'The first of two UDP ports that show terminals their external address; 0 picks free ports.',
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
    description:
      "The broker's certificate or chain (PEM); by default one is made when the broker listens beyond loopback.",
    fallback: undefined,
    schema: path,
  }),
  tlsKey: setting({
    flag: '--tls-key <file>',
    env: 'PARTYLINE_TLS_KEY',
    description: 'The private key for --tls-cert (PEM).',
    fallback: undefined,
    schema: path,
  }),
  natsServer: setting({
    flag: '--nats-server <path>',
    env: 'PARTYLINE_NATS_SERVER',
    description: 'The nats-server to run; by default the one on PATH, or one that is downloaded once.',
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
    description: 'How many logins and registrations may wait for their password check.',
    fallback: 256,
    schema: whole(1, 100_000),
  }),
  metricsPort: setting({
    flag: '--metrics-port <n>',
    env: 'PARTYLINE_METRICS_PORT',
    description:
      'The port for metrics, health and readiness; 0 picks any free port; by default there is none.',
    fallback: undefined,
    schema: whole(0, 65_535),
  }),
  metricsHost: setting({
    flag: '--metrics-host <address>',
    env: 'PARTYLINE_METRICS_HOST',
    description: 'The address of the metrics port; everyone who can reach it can read the metrics.',
    fallback: '127.0.0.1',
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  registrationsPerHour: setting({
    flag: '--registrations-per-hour <n>',
    env: 'PARTYLINE_REGISTRATIONS_PER_HOUR',
    description: 'How many accounts one address may register in an hour.',
    fallback: 10,
    schema: whole(1, 1_000_000),
  }),
  throttleLoopback: setting({
    flag: '--throttle-loopback',
    env: 'PARTYLINE_THROTTLE_LOOPBACK',
    description: 'Applies the limit of registrations also to addresses of this machine.',
    fallback: false,
    schema: onOff,
  }),
  adminAbsence: setting({
    flag: '--admin-absence <duration>',
    env: 'PARTYLINE_ADMIN_ABSENCE',
    description:
      'How long all admins of a room may be offline before an online member becomes admin too, such as 90m, 24h or 7d; 0 means never.',
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
    description: 'How many requests a terminal may send per second; a burst may be four times as large.',
    fallback: 500,
    schema: whole(10, 1_000_000),
  }),
  profile: setting({
    flag: '--profile <name>',
    env: 'PARTYLINE_PROFILE',
    description:
      'The identity that a terminal uses on this machine; by default one that no other terminal uses, preferably with an account.',
    fallback: undefined,
    schema: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'Give 1 to 32 letters, digits, "_" or "-".'),
  }),
  linkHost: setting({
    flag: '--link-host <address>',
    env: 'PARTYLINE_LINK_HOST',
    description:
      'The address on which a terminal accepts direct links; by default all addresses of this machine.',
    fallback: undefined,
    schema: z.union([z.ipv4(), z.ipv6()], 'Give an IP address of this machine.'),
  }),
  keepDays: setting({
    flag: '--keep-days <n>',
    env: 'PARTYLINE_KEEP_DAYS',
    description: 'How many days a terminal keeps a message; by default it keeps messages for ever.',
    fallback: undefined,
    schema: whole(1, 36_500),
  }),
  keepMessages: setting({
    flag: '--keep-messages <n>',
    env: 'PARTYLINE_KEEP_MESSAGES',
    description: 'How many of the latest messages of each conversation a terminal keeps; by default all.',
    fallback: undefined,
    schema: whole(1, 999_999_999),
  }),
  notify: setting({
    flag: '--notify <how>',
    env: 'PARTYLINE_NOTIFY',
    description: 'How a terminal notifies its user: off, bell, or a desktop notification by osc9 or osc777.',
    fallback: 'off' as const,
    schema: z.enum(['off', 'bell', 'osc9', 'osc777'], 'Give off, bell, osc9 or osc777.'),
  }),
  screenReader: setting({
    flag: '--screen-reader',
    env: 'PARTYLINE_SCREEN_READER',
    description:
      'Opens the plain face for a screen reader: one line for each event, no prompt, and no repeated text.',
    fallback: false,
    schema: onOff,
  }),
  theme: setting({
    flag: '--theme <name>',
    env: 'PARTYLINE_THEME',
    description:
      "The colours of the dashboard: dark, light, high-contrast, or auto for light or dark by the terminal's background.",
    fallback: 'auto' as const,
    schema: z.enum(['auto', 'dark', 'light', 'high-contrast'], 'Give auto, dark, light or high-contrast.'),
  }),
  ascii: setting({
    flag: '--ascii [value]',
    env: 'PARTYLINE_ASCII',
    description:
      'Shows the dashboard in ASCII only; with 0 it shows all characters; by default ASCII if the locale has no UTF-8.',
    fallback: undefined,
    schema: onOff,
  }),
  keys: setting({
    flag: '--keys <file>',
    env: 'PARTYLINE_KEYS',
    description: 'A file with custom keys for the dashboard; by default the standard keys.',
    fallback: undefined,
    schema: path,
  }),
  logLevel: setting({
    flag: '--log-level <level>',
    env: 'PARTYLINE_LOG_LEVEL',
    description: 'The log level: fatal, error, warn, info, debug or trace.',
    fallback: 'info' as const,
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']),
  }),
} as const;

export type SettingName = keyof typeof settings;

/** The value of one setting; undefined only if the table has no default. */
export type SettingValue<N extends SettingName> =
  (typeof settings)[N] extends Setting<infer T, infer F> ? (F extends undefined ? T | undefined : T) : never;
