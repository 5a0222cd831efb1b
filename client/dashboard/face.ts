// The dashboard put together: the terminal, the screen, the chat, and how it ends. What it takes to show its first screen is
// little; all else is loaded after that. Decides nothing else.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { Chat } from '../chat/port.js';
import type { Alarm } from '../wording/alarm.js';
import { counted } from '../wording/lists.js';
import { openInBrowser } from './terminal/browser.js';
import type { Dashboard } from './dashboard.js';
import type { TerminalControls } from './terminal/controls.js';
import type { Bindings } from './input/keys/bindings.js';
import type { InputEvent } from './input/keys/parser.js';
import { openingBytes, openingPicture } from './splash.js';
import { depthOf } from './paint/colour.js';
import type { Screen, ScreenParts } from './terminal/screen.js';
import { type ThemeName, themes } from './paint/theme.js';
import { Tty } from './terminal/tty.js';

const DRAIN_TIMEOUT_MS = 5_000;
const RESUME_MS = 50;

/** What is shown, and where its log is, for what is said when the program breaks. */
export interface Opened {
  readonly chat: Chat;
  readonly logFile: string;
  /** Told at the start, if there is anything to tell. */
  readonly note?: string | undefined;
}

export interface DashboardFace {
  /** Called once the screen is there; what is typed meanwhile is kept. */
  readonly open: () => Promise<Opened>;
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** Of which `NO_COLOR`, `COLORTERM`, `TERM` and `BROWSER` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly notify: Alarm;
  readonly theme: ThemeName;
  readonly bindings: Bindings;
}

/**
 * Runs until it is left, `input` ends or is destroyed, or the terminal is lost; then gives the terminal back, and waits up
 * to 5 s for what is queued. Rejects with what `open` rejects with, the terminal given back. Closing the chat is left to the
 * caller.
 */
export async function runDashboard(face: DashboardFace): Promise<void> {
  const { input, output, env, clock, schedule, bindings } = face;
  const theme = themes[face.theme];
  const depth = depthOf(env);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve()));

  let opened: Opened | null = null;
  let dashboard: Dashboard | null = null;
  const early: InputEvent[] = [];
  const tty = new Tty({
    input,
    output,
    schedule,
    onInput: (event) => (dashboard === null ? void early.push(event) : dashboard.input(event)),
  });
  let surface: Screen | null = null;
  const restore = (): void => {
    surface?.close();
    tty.restore();
  };
  const suspend = async (): Promise<void> => {
    surface?.leave();
    tty.restore();
    await tty.settled();
    // As the terminal itself would: everything that belongs to the job stops.
    process.kill(0, 'SIGTSTP');
    // A program without a shell above it cannot be stopped, and goes on at once.
    schedule(RESUME_MS, resume);
  };
  const resume = (): void => {
    tty.take();
    surface?.enter();
  };
  const controls: TerminalControls = {
    linkAt: (x, y) => surface?.linkAt(x, y) ?? null,
    openLink: (url) =>
      void openInBrowser(url, env['BROWSER']).then((isOpen) =>
        dashboard?.flash(isOpen ? `Opened ${url}` : `No browser could be started for ${url}`),
      ),
    redraw: () => surface?.redraw(),
    suspend: () => void suspend(),
    toggleMouse: () => tty.toggleMouse(),
    hasMouse: () => tty.hasMouse,
    quit: end,
  };
  // What breaks is told on the terminal's own screen, not on one that is about to go; one that takes nothing is told nothing.
  const tell = async (error: unknown): Promise<void> => {
    restore();
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (await tty.settled()) {
      const place = opened === null ? '' : `The log is in ${opened.logFile}\n`;
      process.stderr.write(`partyline: a defect: ${told}\n${place}`);
    }
    process.exit(1);
  };
  const broken = (error: unknown): void => void tell(error);

  process.on('uncaughtException', broken);
  process.on('SIGCONT', resume);
  for (const event of ['end', 'close', 'error'] as const) input.once(event, end);
  for (const event of ['close', 'error'] as const) output.once(event, end);
  // A late error of a terminal that hung up must not end the process.
  output.on('error', end);
  try {
    tty.take();
    output.write(openingBytes(output.columns, output.rows, theme, depth));
    // The screen first: what is behind it takes its time.
    await nextTurn();
    const compose: ScreenParts['compose'] = (columns, rows) =>
      dashboard?.compose(columns, rows) ?? openingPicture(columns, rows, theme);
    surface = await loadScreen({ output, depth, schedule, compose });
    surface.redraw();
    // What tells of the chat is loaded before there is one: from the first moment on nothing it tells may be missed.
    const { Dashboard } = await import('./dashboard.js');
    const { subscribe } = await import('./subscriptions.js');
    opened = await face.open();
    const { chat } = opened;
    const invalidate = (): void => surface?.invalidate();
    const invalidateCalmly = (): void => surface?.invalidateCalmly();
    const painting = { invalidate, invalidateCalmly };
    dashboard = new Dashboard({ chat, clock, schedule, theme, bindings, ...painting, controls });
    subscribe({ ...face, chat, dashboard, invalidate: invalidateCalmly, signal: ending.signal });
    if (opened.note !== undefined) dashboard.flash(opened.note);
    for (const event of early.splice(0)) dashboard.input(event);
    surface.redraw();
    await ended;
  } finally {
    restore();
    await tty.settled();
    process.off('uncaughtException', broken);
    process.off('SIGCONT', resume);
  }
  await drain(opened.chat, output);
}

async function loadScreen(parts: ScreenParts): Promise<Screen> {
  const made = await import('./terminal/screen.js');
  return new made.Screen(parts);
}

async function drain(chat: Chat, output: WriteStream): Promise<void> {
  const waiting = await chat.drained(0);
  if (waiting === 0) return;
  const say = (text: string): void => {
    if (output.writable) output.write(`${text}\n`);
  };
  say(`Waiting up to 5 s for ${counted(waiting, 'message')} to go out.`);
  const left = await chat.drained(DRAIN_TIMEOUT_MS);
  if (left > 0) say(`${counted(left, 'message')} kept: sent when you are back.`);
}
