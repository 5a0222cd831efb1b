// The connection of a bot: its options are checked, its profile is opened, and it is logged in.
import envPaths from 'env-paths';
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import { systemIds } from '../../core/ids.js';
import { explain } from '../../core/protocol/envelope.js';
import { type Invite, parseInvite } from '../../core/protocol/invite.js';
import { HOPS_MAX } from '../../core/protocol/message/hops.js';
import { foldName, usernameSchema } from '../../core/protocol/names.js';
import { closeAndThrow } from '../../core/shutdown-stack.js';
import { systemClock } from '../../core/time/clock.js';
import { systemSteadyClock } from '../../core/time/steady-clock.js';
import type { Chat as HeadlessChat } from '../chat/port.js';
import type { Outcome, Refusal } from '../chat/outcome.js';
import { findLocalInvite } from '../profile/local-invite.js';
import { openTerminal, type Terminal } from '../terminal.js';
import { untilAborted } from './abort.js';
import type { Chat, ConnectOptions } from './api.js';
import { createBot } from './bot.js';
import { PartylineError } from './error.js';

/** A wait for the tracker begins again after this time. */
const WAIT_MS = 60_000;

const signalSchema = z.custom<AbortSignal>((value) => value instanceof AbortSignal, 'Pass an AbortSignal.');

const optionsSchema = z.strictObject({
  username: usernameSchema,
  password: z.string().optional(),
  register: z.boolean().default(false),
  invite: z.string().optional(),
  home: z.string().optional(),
  profile: z.string().optional(),
  bot: z.literal(true).optional(),
  maxHops: z
    .int()
    .min(0)
    .max(HOPS_MAX - 1)
    .default(1),
  linkHost: z.string().optional(),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  signal: signalSchema.optional(),
});
type Options = z.output<typeof optionsSchema>;

/**
 * Opens the profile and logs in. Resolves when the bot is online and has caught up; waits without a limit while the tracker cannot be
 * reached, so pass a signal such as `AbortSignal.timeout(30_000)` to limit it. Rejects with a `PartylineError` if an option, the
 * profile or the login is refused, and with the signal's reason if it aborts.
 */
export async function connect(options: ConnectOptions): Promise<Chat> {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    throw new PartylineError(
      `An option of connect is not valid: ${explain(parsed.error)}`,
      'Correct the option.',
    );
  }
  const { data } = parsed;
  const { signal, maxHops } = data;
  signal?.throwIfAborted();
  const terminal = await open(data);
  try {
    // A new profile begins here, before it can get any message.
    await terminal.chat.unhandled.place();
    // Nobody looks at the conversations of a bot.
    await terminal.chat.focus(null);
    await untilAborted([signal], () => enter(terminal.chat, data));
  } catch (thrown) {
    return closeAndThrow(
      thrown,
      () => terminal.close(),
      (error) =>
        process.emitWarning(`A bot that failed to connect was not closed completely: ${String(error)}`),
    );
  }
  return createBot({ terminal: terminal.chat, maxHops, signal, close: () => terminal.close() });
}

async function open(options: Options): Promise<Terminal> {
  const { home, profile, invite, username, linkHost, logLevel } = options;
  const local = invite === undefined ? findLocalInvite(process.cwd(), home) : undefined;
  try {
    return await openTerminal({
      home: home ?? envPaths('partyline', { suffix: '' }).data,
      name: profile ?? username,
      invite: invite === undefined ? null : readInvite(invite),
      localInvite: local === undefined ? null : readInvite(local),
      linkHost,
      keepDays: undefined,
      keepMessages: undefined,
      logLevel,
      isBot: true,
      clock: systemClock,
      steadyClock: systemSteadyClock,
      ids: systemIds,
    });
  } catch (error) {
    if (error instanceof OperatorError)
      throw new PartylineError(error.message, error.remedy, null, { cause: error });
    throw error;
  }
}

function readInvite(text: string): Invite {
  const read = parseInvite(text.trim());
  if ('invite' in read) return read.invite;
  throw new PartylineError(read.refusal, 'Pass the line partyline://… that the tracker printed.');
}

/** Logs in if the profile is not logged in, and waits until the terminal is online and has caught up. */
async function enter(chat: HeadlessChat, options: Options): Promise<void> {
  for (;;) {
    await settled(chat);
    if (chat.username === null) await logIn(chat, options);
    else if (foldName(chat.username) !== foldName(options.username)) {
      throw new PartylineError(
        `The profile belongs to ${chat.username}, not to ${options.username}.`,
        'Choose another profile with the option `profile`.',
      );
    }
    if (await chat.whenOnline(WAIT_MS)) return;
  }
}

/** Resolves once it is known whether the terminal is logged in, and whether the tracker can be asked if it is not. */
function settled(chat: HeadlessChat): Promise<void> {
  const isSettled = (): boolean => chat.username !== null || chat.session.state === 'guest';
  if (isSettled()) return Promise.resolve();
  return new Promise((resolve) => {
    const off = chat.events.on('session', () => {
      if (!isSettled()) return;
      off();
      resolve();
    });
  });
}

async function logIn(chat: HeadlessChat, { username, password, register }: Options): Promise<void> {
  if (password === undefined) {
    throw new PartylineError(
      `The profile of ${username} is not logged in yet.`,
      'Pass the option `password`.',
    );
  }
  if (register) {
    const registered = await chat.register(username, password);
    if (registered.isOk) return;
    if (registered.phrase !== 'USERNAME_TAKEN') throw refused(registered);
  }
  const loggedIn: Outcome<unknown> = await chat.login(username, password);
  if (!loggedIn.isOk) throw refused(loggedIn);
}

const refused = ({ status, phrase, message }: Refusal): PartylineError =>
  new PartylineError(message, '', { status, phrase });
