// A dashboard in a separate process, on the caller's terminal. Messages in its rooms are emitted as events, because sending them over
// links would take minutes on a slow disk. Everything else is as in real use.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepOldSmall, keepYoungSmall } from '../bin/heap.js';
import type { ConversationLabel } from '../client/chat/events.js';
import type { Chat } from '../client/chat/port.js';
import { readBindings } from '../client/dashboard/input/keys/bindings.js';
import { systemClock, systemSchedule } from '../core/time/clock.js';
import { systemSteadyClock } from '../core/time/steady-clock.js';
import { systemIds } from '../core/ids.js';
import { parseInvite } from '../core/protocol/invite.js';

export const TALK_PER_SECOND = 200;
const TALK_TICK_MS = 5;

/** The program for Node to run; its arguments are an invite, a folder and the number of lines per room. */
export const dashboardProgram = fileURLToPath(import.meta.url);

/** The text of line `number`. */
export const lineText = (number: number): string =>
  `line ${number} ${'of a conversation that goes on '.repeat(2)}`;

type EmitLine = (conversation: ConversationLabel, number: number) => Promise<void>;

function lineEmitter({ events }: Chat): EmitLine {
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

/** The steps of the program; each signal triggers the next one: fill all rooms, start messages in them, stop the messages. */
async function* steps(chat: Chat, lines: number): AsyncGenerator<void, void> {
  const emitLine = lineEmitter(chat);
  const rooms = chat.conversations.filter((label) => label.startsWith('#'));
  for (let number = 1; number <= lines; number += 1) {
    for (const room of rooms) await emitLine(room, number);
  }
  yield;
  const start = performance.now();
  let emitted = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1_000) * TALK_PER_SECOND;
    for (; emitted < due; emitted += 1) void emitLine(rooms[emitted % rooms.length] ?? '#', lines + emitted);
  }, TALK_TICK_MS);
  yield;
  clearInterval(timer);
}

async function runProcess(inviteText: string, folder: string, lines: number): Promise<void> {
  const parsed = parseInvite(inviteText);
  if (!('invite' in parsed)) throw new Error(parsed.refusal);
  const { invite } = parsed;
  // The modules are loaded in the same order and with the same memory limits as by `partyline chat`.
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
        steadyClock: systemSteadyClock,
        ids: systemIds,
      });
      let running: AsyncGenerator<void, void> | undefined;
      process.on('SIGUSR2', () => {
        running ??= steps(terminal.chat, lines);
        void running.next();
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
    isAscii: false,
    bindings: await readBindings(undefined),
  });
}

const [, program, invite = '', folder = '', lines = ''] = process.argv;
if (program === dashboardProgram) {
  await runProcess(invite, folder, Number(lines));
  process.exit();
}
