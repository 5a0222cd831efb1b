// A dashboard as a process of its own, on a terminal of the caller's, in whose rooms things are said as if they had come
// over links, which takes minutes on a slow disk. Everything else in it is as users have it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepOldSmall, keepYoungSmall } from '../bin/heap.js';
import type { ConversationLabel } from '../client/chat/events.js';
import type { Chat } from '../client/chat/port.js';
import { readBindings } from '../client/dashboard/input/keys/bindings.js';
import { systemClock, systemSchedule } from '../core/time/clock.js';
import { systemIds } from '../core/ids.js';
import { parseInvite } from '../core/protocol/invite.js';

export const TALK_PER_SECOND = 200;
const TALK_TICK_MS = 5;

/** What Node is to run, with an invite, a folder, and how many lines each room gets. */
export const seatProgram = fileURLToPath(import.meta.url);

/** What is said in line `number`. */
export const lineText = (number: number): string =>
  `line ${number} ${'of a conversation that goes on '.repeat(2)}`;

type Say = (conversation: ConversationLabel, number: number) => Promise<void>;

function sayerOf({ events }: Chat): Say {
  return (conversation, number) =>
    events.emit('message', {
      conversation,
      from: number % 3 === 0 ? 'carol' : 'bob',
      id: `${conversation} ${number}`,
      text: lineText(number),
      spans: [],
      link: 'tcp',
      at: Date.now(),
    });
}

/** What the signal does: it fills all rooms, the next time lets people talk in them, and then has them stop. */
async function* turns(chat: Chat, lines: number): AsyncGenerator<void, void> {
  const say = sayerOf(chat);
  const rooms = chat.conversations.filter((label) => label.startsWith('#'));
  for (let number = 1; number <= lines; number += 1) {
    for (const room of rooms) await say(room, number);
  }
  yield;
  const start = performance.now();
  let said = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1_000) * TALK_PER_SECOND;
    for (; said < due; said += 1) void say(rooms[said % rooms.length] ?? '#', lines + said);
  }, TALK_TICK_MS);
  yield;
  clearInterval(timer);
}

async function sit(inviteText: string, folder: string, lines: number): Promise<void> {
  const parsed = parseInvite(inviteText);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  const { invite } = parsed;
  // All that it loads, and how, is as with the command.
  keepYoungSmall();
  const { runDashboard } = await import('../client/dashboard/face.js');
  await runDashboard({
    open: async () => {
      const { openTerminal } = await import('../client/terminal.js');
      keepOldSmall();
      const terminal = await openTerminal({
        home: join(folder, 'terminals'),
        name: 'alice',
        invite,
        localInvite: null,
        linkHost: undefined,
        keepDays: 0,
        keepMessages: 0,
        logLevel: 'warn',
        clock: systemClock,
        ids: systemIds,
      });
      let turn: AsyncGenerator<void, void> | undefined;
      process.on('SIGUSR2', () => {
        turn ??= turns(terminal.chat, lines);
        void turn.next();
      });
      return terminal;
    },
    input: process.stdin,
    output: process.stdout,
    env: process.env,
    clock: systemClock,
    schedule: systemSchedule,
    notify: 'off',
    theme: 'dark',
    bindings: await readBindings(undefined),
  });
}

const [, program, invite = '', folder = '', lines = ''] = process.argv;
if (program === seatProgram) {
  await sit(invite, folder, Number(lines));
  process.exit();
}
