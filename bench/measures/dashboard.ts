// The dashboard as its user has it: from a key to the screen while others talk, the first screen, and what a line costs.
import { join } from 'node:path';
import { startPartyline } from '../../bin/demo/child.js';
import type { Keeper } from '../../specs/support/keeper.js';
import { PtyTerminal } from '../../specs/support/terminals/pty-terminal.js';
import { PASSWORD } from '../../specs/support/device.js';
import { until } from '../../specs/support/until.js';
import { type Figure, megabytes, milliseconds, perSecond, quantile, times } from '../figures.js';
import { usageOf } from '../process.js';
import { lineCosts } from './scrollback.js';
import { lineText, seatProgram, TALK_PER_SECOND } from '../dashboard-process.js';
import { sizeOf } from '../sizes.js';
import { openStage, type Stage } from '../tracker-process.js';

const LINES = sizeOf('BENCH_LINES', 10_000);
const KEYS = sizeOf('BENCH_KEYS', 400);
const STARTS = sizeOf('BENCH_STARTS', 9);
const ROOMS = ['one', 'two', 'three', 'four'] as const;
const SIZE = { columns: 160, rows: 48 } as const;
const TICK_MS = 20;
/** Messages that were typed and not yet taken. */
const WAITING_MAX = 32;
const PATIENCE_MS = 120_000;
/** Between two keys, so that they meet all there is to be met. */
const PAUSE_MS = 15;

export async function benchDashboard(): Promise<readonly Figure[]> {
  const endings: (() => unknown)[] = [];
  const keeper: Keeper = { teardown: (end) => void endings.push(end) };
  const stage = await openStage({ PARTYLINE_BCRYPT_COST: '10' });
  try {
    return [...(await typing(keeper, stage)), ...(await starting(keeper, stage)), lineCosts()];
  } finally {
    for (const end of endings.toReversed()) await end();
    await stage.close();
  }
}

/** Keys at a dashboard of four full windows in which others talk. */
async function typing(keeper: Keeper, stage: Stage): Promise<readonly Figure[]> {
  const alice = await seated(keeper, stage);
  const echo = new PtyTerminal(keeper, { program: '-e', args: [IDLE], ...SIZE });
  await echo.shows('ready');
  const usage = await usageOf(alice.pid);
  const idle = await usageOf(echo.pid);
  const turn = (): boolean => process.kill(alice.pid, 'SIGUSR2');
  turn();
  const told = await keyed(alice, echo, `${TALK_PER_SECOND}/s messages told to it`);
  turn();
  const bob = await talking(stage);
  const linked = await keyed(alice, echo, '');
  const rate = await bob.stop();
  const after = await usageOf(alice.pid);
  return [
    ...told,
    ...linked.map((figure) => ({ ...figure, what: `${figure.what}${perSecond(rate)} messages over a link` })),
    {
      what: 'the same dashboard, memory before and after',
      measured: [usage, after].map((one) => (one === null ? '?' : megabytes(one.residentBytes))).join(', '),
      limit: idle === null ? '' : `${megabytes(idle.residentBytes)} an idle Node`,
      ratio: idle === null || after === null ? '' : times(after.residentBytes, idle.residentBytes),
    },
  ];
}

/** Keys, and in between as many at a terminal that only echoes. */
async function keyed(alice: PtyTerminal, echo: PtyTerminal, meanwhile: string): Promise<readonly Figure[]> {
  const [keys, echoes]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < KEYS / 2; turn += 1) {
    // The cursor goes to its new place last.
    keys.push(await answered(alice, 'x', `\u001b[${SIZE.rows - 1};8H\u001b[?25h`));
    echoes.push(await answered(echo, 'x', 'x'));
    keys.push(await answered(alice, '\u007f', `\u001b[${SIZE.rows - 1};7H\u001b[?25h`));
    echoes.push(await answered(echo, 'y', 'y'));
  }
  return [0.5, 0.99].map((q) => ({
    what: `key to screen p${100 * q}, 4 windows of ${LINES.toLocaleString('en')} lines, ${meanwhile}`,
    measured: milliseconds(quantile(keys, q)),
    limit: `${milliseconds(quantile(echoes, q))} the terminal's own echo`,
    ratio: times(quantile(keys, q), quantile(echoes, q)),
  }));
}

/** A program that does nothing, on a terminal that echoes. */
const IDLE = "console.log('ready');process.stdin.resume()";

/** How long until `key` is answered with these bytes. */
async function answered(terminal: PtyTerminal, key: string, answer: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (0.5 + Math.random())));
  let seen = '';
  // What it has written is not needed any more, and is much.
  terminal.written = '';
  const start = performance.now();
  const isThere = new Promise<void>((resolve) => {
    terminal.onWritten = (bytes) => {
      seen += bytes;
      if (seen.includes(answer)) resolve();
    };
  });
  terminal.type(key);
  await isThere;
  terminal.onWritten = () => undefined;
  return performance.now() - start;
}

/** Alice, in a window for each room, all of them full. */
async function seated(keeper: Keeper, stage: Stage): Promise<PtyTerminal> {
  const args = [stage.inviteText, stage.folder, String(LINES)];
  const alice = new PtyTerminal(keeper, { program: seatProgram, args, ...SIZE });
  await alice.shows('Welcome to Partyline');
  alice.type(`alice\r${PASSWORD}\r`);
  await alice.shows('● online');
  for (const room of ROOMS) {
    if (room !== ROOMS[0]) alice.type('\u001bv');
    alice.type(`/create ${room}\r`);
    await alice.shows(`▸ #${room}`);
  }
  // The last one has the widest name; the keys are measured in the first.
  alice.type('\u001b[1;3C');
  await alice.shows(`▸ #${ROOMS[0]}`);
  process.kill(alice.pid, 'SIGUSR2');
  const last = lineText(LINES).slice(0, -1);
  const isFull = (): boolean => alice.text.split(last.slice(0, 20)).length > ROOMS.length;
  await alice.until(isFull, 'four full windows', PATIENCE_MS);
  return alice;
}

/** Somebody who says something to one room after the other, at the rate or as fast as it is taken, until stopped. */
interface Talker {
  /** Gives the rate that came of it. */
  stop(): Promise<number>;
}

async function talking(stage: Stage): Promise<Talker> {
  let [said, taken] = [0, 0];
  let isLinked = false;
  const bob = startPartyline({
    args: ['chat', '--json', '--profile', 'bob', '--home', join(stage.folder, 'terminals'), stage.inviteText],
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
    if (said < due && said - taken < WAITING_MAX) bob.write(`/open #${ROOMS[said % ROOMS.length]}`);
    for (; said < due && said - taken < WAITING_MAX; said += 1) bob.write(lineText(said));
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

/** From the start of the process to the first screen, and to being online; in between Node alone. */
async function starting(keeper: Keeper, stage: Stage): Promise<readonly Figure[]> {
  const [screens, onlines, nodes]: [number[], number[], number[]] = [[], [], []];
  const args = ['chat', stage.inviteText, '--profile', 'bob', '--home', join(stage.folder, 'terminals')];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const node = new PtyTerminal(keeper, { program: '-e', args: [IDLE], ...SIZE });
    nodes.push(await written(node, 'ready'));
    await node.kill();
    const bob = new PtyTerminal(keeper, { args, ...SIZE });
    // The end of the first synchronized update.
    const start = performance.now();
    screens.push(await written(bob, '\u001b[?2026l'));
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

/** How long until it has written `text`. */
async function written(terminal: PtyTerminal, text: string): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve) => {
    terminal.onWritten = () => {
      if (terminal.written.includes(text)) resolve();
    };
  });
  return performance.now() - start;
}
