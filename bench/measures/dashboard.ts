// The dashboard in real use: the time from a key to the screen during conversations, the time to the first screen, and the cost
// of a line.
import { join } from 'node:path';
import { startPartyline } from '../../bin/children/partyline.js';
import type { Keeper } from '../../specs/support/keeper.js';
import { PtyTerminal } from '../../specs/support/terminals/pty-terminal.js';
import { PASSWORD } from '../../specs/support/device.js';
import { until } from '../../specs/support/until.js';
import { type Figure, megabytes, milliseconds, perSecond, quantile, times } from '../figures.js';
import { usageOf } from '../process.js';
import { lineCosts } from './scrollback.js';
import { lineText, dashboardProgram, TALK_PER_SECOND } from '../dashboard-process.js';
import { sizeOf } from '../sizes.js';
import { startTrackerProcess, type TrackerProcess } from '../tracker-process.js';

const LINES = sizeOf('BENCH_LINES', 10_000);
const KEYS = sizeOf('BENCH_KEYS', 400);
const STARTS = sizeOf('BENCH_STARTS', 9);
const ROOMS = ['one', 'two', 'three', 'four'] as const;
const SIZE = { columns: 160, rows: 48 } as const;
const TICK_MS = 20;
/** The greatest number of messages that are typed and not yet accepted. */
const WAITING_MAX = 32;
const PATIENCE_MS = 120_000;
const PASTE_BYTES = 1024 * 1024;
const DRAFT_BYTES = 64 * 1024;
/** The last bytes of an update that shows no cursor: they end the synchronised update. Other updates end with the cursor. */
const FRAME_END = '\u001b[?2026l';
const KEYS_OF = { down: '\u001b[B', close: '\u0007', eraseToStart: '\u0015' } as const;
/** The mean pause between two keys, so that they fall into all phases of the other work. */
const PAUSE_MS = 15;

export async function benchDashboard(): Promise<readonly Figure[]> {
  const endings: (() => unknown)[] = [];
  const keeper: Keeper = { teardown: (end) => void endings.push(end) };
  const trackerProcess = await startTrackerProcess({ PARTYLINE_BCRYPT_COST: '10' });
  try {
    return [
      ...(await typing(keeper, trackerProcess)),
      ...(await starting(keeper, trackerProcess)),
      lineCosts(),
    ];
  } finally {
    for (const end of endings.toReversed()) await end();
    await trackerProcess.close();
  }
}

/** Measures key presses at a dashboard with four windows, each with a full conversation. */
async function typing(keeper: Keeper, trackerProcess: TrackerProcess): Promise<readonly Figure[]> {
  const alice = await startDashboard(keeper, trackerProcess);
  const echo = new PtyTerminal(keeper, { program: '-e', args: [IDLE], ...SIZE });
  await echo.shows('ready');
  const usage = await usageOf(alice.pid);
  const idle = await usageOf(echo.pid);
  const nextStep = (): boolean => process.kill(alice.pid, 'SIGUSR2');
  const drafted = await typeInDrafts(alice);
  nextStep();
  const emitted = await typeKeys(alice, echo, `${TALK_PER_SECOND}/s messages emitted`);
  nextStep();
  const bob = await startTalker(trackerProcess);
  const linked = await typeKeys(alice, echo, '');
  const rate = await bob.stop();
  const after = await usageOf(alice.pid);
  return [
    ...drafted,
    ...emitted,
    ...linked.map((figure) => ({ ...figure, what: `${figure.what}${perSecond(rate)} messages over a link` })),
    {
      what: 'the same dashboard, memory before and after',
      measured: [usage, after].map((one) => (one === null ? '?' : megabytes(one.residentBytes))).join(', '),
      limit: idle === null ? '' : `${megabytes(idle.residentBytes)} an idle Node process`,
      ratio: idle === null || after === null ? '' : times(after.residentBytes, idle.residentBytes),
    },
  ];
}

/** Types keys at the dashboard, alternating with keys at a terminal that only echoes. */
async function typeKeys(alice: PtyTerminal, echo: PtyTerminal, load: string): Promise<readonly Figure[]> {
  const [keys, echoes]: [number[], number[]] = [[], []];
  for (let round = 0; round < KEYS / 2; round += 1) {
    // The last bytes of each update move the cursor.
    keys.push(await typeKey(alice, 'x', `\u001b[${SIZE.rows - 1};8H\u001b[?25h`));
    echoes.push(await typeKey(echo, 'x', 'x'));
    keys.push(await typeKey(alice, '\u007f', `\u001b[${SIZE.rows - 1};7H\u001b[?25h`));
    echoes.push(await typeKey(echo, 'y', 'y'));
  }
  return [0.5, 0.99].map((q) => ({
    what: `key to screen p${100 * q}, 4 windows of ${LINES.toLocaleString('en')} lines, ${load}`,
    measured: milliseconds(quantile(keys, q)),
    limit: `${milliseconds(quantile(echoes, q))} echo of the terminal itself`,
    ratio: times(quantile(keys, q), quantile(echoes, q)),
  }));
}

/** Measures a paste of 1 MiB, and keys in an empty draft and in a draft of 64 KiB. Nothing else happens in the dashboard. */
async function typeInDrafts(alice: PtyTerminal): Promise<readonly Figure[]> {
  const empty = await typeInDraft(alice);
  const asked = await typeKey(alice, pasteOf(PASTE_BYTES), 'The pasted text has');
  const key = await typeKey(alice, KEYS_OF.down, FRAME_END);
  await typeKey(alice, KEYS_OF.close, FRAME_END);
  await typeKey(alice, pasteOf(DRAFT_BYTES), 'The pasted text has');
  // Chooses the answer "Insert the whole text, to shorten it here".
  await typeKey(alice, '3', FRAME_END);
  await typeKey(alice, '\r', FRAME_END);
  const long = await typeInDraft(alice);
  await typeKey(alice, KEYS_OF.eraseToStart, FRAME_END);
  return [
    {
      what: 'a paste of 1 MiB, from its first byte to the question',
      measured: milliseconds(asked),
      limit: '',
      ratio: '',
    },
    { what: 'the next key to screen', measured: milliseconds(key), limit: '', ratio: '' },
    ...[0.5, 0.99].map((q) => ({
      what: `key to screen p${100 * q}, a draft of 64 KiB in one word`,
      measured: milliseconds(quantile(long, q)),
      limit: `${milliseconds(quantile(empty, q))} an empty draft`,
      ratio: times(quantile(long, q), quantile(empty, q)),
    })),
  ];
}

async function typeInDraft(alice: PtyTerminal): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let round = 0; round < KEYS / 2; round += 1) {
    samples.push(await typeKey(alice, 'x', FRAME_END), await typeKey(alice, '\u007f', FRAME_END));
  }
  return samples;
}

const pasteOf = (bytes: number): string => `\u001b[200~${'x'.repeat(bytes)}\u001b[201~`;

/** A program that does nothing. The kernel's terminal driver echoes the keys. */
const IDLE = "console.log('ready');process.stdin.resume()";

/** Milliseconds from typing `key` until the terminal has received the bytes `answer`. Rejects if they do not arrive. */
async function typeKey(terminal: PtyTerminal, key: string, answer: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
  let seen = '';
  // Frees the output so far, which is large and no longer needed.
  terminal.written = '';
  const start = performance.now();
  const isThere = new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(new Error(`${JSON.stringify(answer)} did not come; the screen:\n${terminal.text}`));
    }, PATIENCE_MS);
    terminal.onWritten = (bytes) => {
      seen += bytes;
      if (!seen.includes(answer)) return;
      clearTimeout(limit);
      resolve();
    };
  });
  terminal.type(key);
  await isThere;
  terminal.onWritten = () => undefined;
  return performance.now() - start;
}

/** Alice's dashboard, with one full window per room. */
async function startDashboard(keeper: Keeper, trackerProcess: TrackerProcess): Promise<PtyTerminal> {
  const args = [trackerProcess.inviteText, trackerProcess.folder, String(LINES)];
  const alice = new PtyTerminal(keeper, { program: dashboardProgram, args, ...SIZE });
  await alice.shows('Welcome to Partyline');
  alice.type(`alice\r${PASSWORD}\r`);
  await alice.shows('● online');
  for (const [index, room] of ROOMS.entries()) {
    if (room !== ROOMS[0]) alice.type('\u001bv');
    alice.type(`/create ${room}\r`);
    await alice.shows(`▸ #${room}`);
    // The reply to `/create` selects the window of the new room. The reply may arrive after the room is shown.
    await alice.until(() => alice.text.split('created the room').length > index + 1, 'the reply');
  }
  // The keys are measured in the window of the first room.
  alice.type('\u001b[1;3C');
  await alice.shows(`▸ #${ROOMS[0]}`);
  process.kill(alice.pid, 'SIGUSR2');
  const last = lineText(LINES).slice(0, -1);
  const isFull = (): boolean => alice.text.split(last.slice(0, 20)).length > ROOMS.length;
  await alice.until(isFull, 'four full windows', PATIENCE_MS);
  return alice;
}

/** A terminal that sends messages to all rooms in turn until stopped, at the given rate or as fast as they are accepted. */
interface Talker {
  /** Resolves with the rate that was reached. */
  stop(): Promise<number>;
}

async function startTalker(trackerProcess: TrackerProcess): Promise<Talker> {
  let [sent, taken] = [0, 0];
  let isLinked = false;
  const bob = startPartyline({
    args: [
      'chat',
      '--json',
      '--profile',
      'bob',
      '--home',
      join(trackerProcess.folder, 'terminals'),
      trackerProcess.inviteText,
    ],
    onLine: (line) => {
      if (line.includes('"MESSAGE_SENT"')) taken += 1;
      if (line.includes('"event":"link"') && line.includes('"open"')) isLinked = true;
    },
  });
  bob.write(`/register bob ${PASSWORD}`);
  for (const room of ROOMS) bob.write(`/join ${room}`);
  await until(() => isLinked, 'a link between alice and bob', PATIENCE_MS);
  const start = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - start) / 1_000) * TALK_PER_SECOND;
    if (sent < due && sent - taken < WAITING_MAX) bob.write(`/open #${ROOMS[sent % ROOMS.length]}`);
    for (; sent < due && sent - taken < WAITING_MAX; sent += 1) bob.write(lineText(sent));
  }, TICK_MS);
  return {
    async stop() {
      clearInterval(timer);
      const rate = taken / ((performance.now() - start) / 1_000);
      await bob.stop('SIGTERM');
      return rate;
    },
  };
}

/** Times from the start of the process to the first screen and to being online, alternating with the start of Node alone. */
async function starting(keeper: Keeper, trackerProcess: TrackerProcess): Promise<readonly Figure[]> {
  const [screens, onlines, nodes]: [number[], number[], number[]] = [[], [], []];
  const args = [
    'chat',
    trackerProcess.inviteText,
    '--profile',
    'bob',
    '--home',
    join(trackerProcess.folder, 'terminals'),
  ];
  for (let round = 0; round < STARTS; round += 1) {
    const node = new PtyTerminal(keeper, { program: '-e', args: [IDLE], ...SIZE });
    nodes.push(await untilWritten(node, 'ready'));
    await node.kill();
    const bob = new PtyTerminal(keeper, { args, ...SIZE });
    // The first screen is complete when the terminal has received the end of the first synchronized update.
    const start = performance.now();
    screens.push(await untilWritten(bob, '\u001b[?2026l'));
    await bob.shows('● online');
    onlines.push(performance.now() - start);
    await bob.kill();
  }
  const limit = `${milliseconds(quantile(nodes, 0.5))} Node's first line`;
  return (
    [
      ['first screen', screens],
      ['online again', onlines],
    ] as const
  ).map(([what, samples]) => ({
    what: `from the start of the process: ${what}, p50`,
    measured: milliseconds(quantile(samples, 0.5)),
    limit,
    ratio: times(quantile(samples, 0.5), quantile(nodes, 0.5)),
  }));
}

/** Milliseconds until the terminal has received `text`. */
async function untilWritten(terminal: PtyTerminal, text: string): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve) => {
    terminal.onWritten = () => {
      if (terminal.written.includes(text)) resolve();
    };
  });
  return performance.now() - start;
}
