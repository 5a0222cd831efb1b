// The page on the protocol: its table of titles is that of the code, and each answer is provoked as the page says.
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { JsonTerminal, Reply } from '../../bin/demo/json-terminal.js';
import { familyOf, titleSchema } from '../../core/protocol/envelope.js';
import { openStage } from '../support/processes/tracker-process.js';

const page = readFileSync(new URL('../../../docs/reference/protocol.md', import.meta.url), 'utf8');

interface Provocation {
  readonly status: number;
  readonly phrase: string;
  /** The lines in order, each with its author. The last line gets the answer. */
  readonly steps: readonly (readonly [who: string, line: string])[];
}

/** The rows with a status, a phrase and the lines that provoke it. */
const provocations = Array.from(
  page.matchAll(/^\| (\d{3}) \| `(\w+)` \| (.+) \|$/gm),
  ([, status, phrase = '', how = '']): Provocation => ({
    status: Number(status),
    phrase,
    steps: stepsIn(how),
  }),
);

function stepsIn(how: string): Provocation['steps'] {
  const [, who, count] = /^(\w+): ([\d,]+) letters in one line$/.exec(how) ?? [];
  if (who !== undefined) return [[who, 'x'.repeat(Number(count?.replace(',', '')))]];
  return Array.from(how.matchAll(/(\w+): `([^`]+)`/g), ([, name = '', line = '']) => [name, line] as const);
}

/** The phrases that the specification fixes, by status. */
const SPECIFIED: Readonly<Record<number, readonly string[]>> = {
  100: ['REGISTRATION_SUCCESSFUL', 'LOGIN_SUCCESSFUL'],
  101: ['LOGIN_FAILED', 'USERNAME_TAKEN', 'INVALID_COMMAND'],
  200: ['CREATION_S', 'JOIN_S', 'ROOM_LISTED_S', 'QUIT_S'],
  201: ['CREATION_FAILURE', 'JOIN_FAILURE', 'NO_AVAILABLE_CHAT_ROOM', 'INVALID_COMMAND'],
  300: ['PRIVATE_SESSION_INITIATED'],
  301: ['USERNAME_NOT_FOUND', 'USERNAME_OFFLINE', 'INVALID_COMMAND'],
  400: ['MESSAGE_SENT'],
  401: ['INVALID_FORMAT', 'INVALID_COMMAND'],
};

test('protocol: the page lists each title with the statuses of its family', (t) => {
  const rows = Array.from(
    page.matchAll(/^\| `(\w+)` \| (\d{3}) \| (\d{3}) \| .+ \|$/gm),
    ([, ...row]) => row,
  );
  const expected = titleSchema.options.map((title) => {
    const success = 100 * familyOf(title);
    return [title, String(success), String(success + 1)];
  });
  t.deepEqual(new Set(rows.map((row) => row.join(' '))), new Set(expected.map((row) => row.join(' '))));
});

test('protocol: the page has the twelve protocols and provokes each phrase of the specification', (t) => {
  t.is(page.match(/^### \d+\. /gm)?.length, 12);
  const provoked = new Set(provocations.map(({ status, phrase }) => `${status} ${phrase}`));
  for (const [status, phrases] of Object.entries(SPECIFIED)) {
    for (const phrase of phrases) t.true(provoked.has(`${status} ${phrase}`), `${status} ${phrase}`);
  }
});

test('protocol: each line of the page is answered as the page says', async (t) => {
  t.timeout(180_000);
  const stage = await openStage(t);
  const terminals = new Map<string, JsonTerminal>();
  const terminalOf = (name: string): JsonTerminal => {
    const terminal = terminals.get(name) ?? stage.terminal(name);
    terminals.set(name, terminal);
    return terminal;
  };
  const play = async ([who, line]: Provocation['steps'][number]): Promise<Reply> => {
    const terminal = terminalOf(who);
    const reply = await terminal.type(line);
    if (line === '/quit') await terminal.leave();
    return reply;
  };
  for (const { status, phrase, steps } of provocations) {
    let last: Reply | null = null;
    for (const step of steps) last = await play(step);
    const again = steps.at(-1);
    if (phrase === 'USERNAME_OFFLINE' && again !== undefined) {
      // The broker notices only after a moment that a terminal has ended. Until then the command succeeds.
      while (last?.status === 300) last = await play(again);
    }
    t.like(last, { status, phrase }, JSON.stringify(steps).slice(0, 200));
  }
});
