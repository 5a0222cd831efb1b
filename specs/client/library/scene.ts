// Bots over whole chats of one process.
import type { ExecutionContext } from 'ava';
import type { Chat, ChatEvent } from '../../../client/library/api.js';
import { createBot } from '../../../client/library/bot.js';
import { until } from '../../support/until.js';
import type { Terminal, World } from '../chat/support/world.js';

export interface BotScene {
  readonly terminal: Terminal;
  readonly bot: Chat;
}

export interface BotChoice {
  readonly maxHops?: number;
  readonly signal?: AbortSignal;
  /** Whether the bot closes with the spec; true by default. */
  readonly isClosed?: boolean;
}

/** The bot of a terminal. It ends with the spec. */
export function botOf(t: ExecutionContext, terminal: Terminal, choice: BotChoice = {}): BotScene {
  const { maxHops = 1, signal, isClosed = true } = choice;
  const bot = createBot({ terminal: terminal.chat, maxHops, signal, close: async () => undefined });
  if (isClosed) t.teardown(() => bot.close());
  return { terminal, bot };
}

/** A bot with a terminal of its own, in the room. The first one creates it. */
export async function botIn(
  t: ExecutionContext,
  world: World,
  name: string,
  room: string,
  choice: BotChoice = {},
): Promise<BotScene> {
  const terminal = await world.terminal(name, { isBot: true });
  await terminal.chat.unhandled.place();
  const { bot } = botOf(t, terminal, choice);
  const entered = await bot.join(room);
  t.true(entered.ok || (await bot.create(room)).ok);
  return { terminal, bot };
}

/** Runs `handle` for every event of the bot's loop. `ended` resolves when the loop ends. */
export function follow(
  bot: Chat,
  handle: (event: ChatEvent) => unknown,
): { readonly events: ChatEvent[]; readonly ended: Promise<void> } {
  const events: ChatEvent[] = [];
  const ended = (async () => {
    for await (const event of bot) {
      events.push(event);
      await handle(event);
    }
  })();
  return { events, ended };
}

export const texts = (events: readonly ChatEvent[]): readonly string[] =>
  events.flatMap((one) => (one.event === 'message' ? [one.text] : []));

export const sees = (events: readonly ChatEvent[], text: string): Promise<unknown> =>
  until(() => texts(events).includes(text), `the loop gets "${text}"; it got ${texts(events).join(', ')}`);
