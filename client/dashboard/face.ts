// The dashboard put together: the terminal, the screen, the events of the chat, and how it ends. Decides nothing else.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Clock, Schedule } from '../../core/clock.js';
import type { Chat } from '../chat/port.js';
import { type Alarm, createAlarm, sentenceOf } from '../words/alarm.js';
import { counted } from '../words/lists.js';
import { openInBrowser } from './browser.js';
import type { Dashboard } from './dashboard.js';
import type { Device } from './device.js';
import type { Bindings } from './keys/bindings.js';
import type { InputEvent } from './keys/parser.js';
import { openingPicture } from './opening.js';
import { depthOf } from './paint/colour.js';
import { Surface } from './surface.js';
import { type ThemeName, themes } from './theme.js';
import { Tty } from './tty.js';

const DRAIN_TIMEOUT_MS = 5_000;
/** The clock in the status bar, and who is online. */
const TICK_MS = 15_000;
/** Between two round trips of every link. */
const MEASURE_MS = 2_000;
const RESUME_MS = 50;

/** What is shown, and where its log is, for what is said when the program breaks. */
export interface Opened {
  readonly chat: Chat;
  readonly logFile: string;
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
  const surface = new Surface({
    output,
    depth: depthOf(env),
    schedule,
    compose: (columns, rows) => dashboard?.compose(columns, rows) ?? openingPicture(columns, rows, theme),
  });
  const restore = (): void => {
    surface.close();
    tty.restore();
  };
  const suspend = async (): Promise<void> => {
    surface.leave();
    tty.restore();
    await tty.settled();
    // As the terminal itself would: everything that belongs to the job stops.
    process.kill(0, 'SIGTSTP');
    // A program without a shell above it cannot be stopped, and goes on at once.
    schedule(RESUME_MS, resume);
  };
  const resume = (): void => {
    tty.take();
    surface.enter();
  };
  const device: Device = {
    linkAt: (x, y) => surface.linkAt(x, y),
    openLink: (url) =>
      void openInBrowser(url, env['BROWSER']).then((isOpen) =>
        dashboard?.flash(isOpen ? `Opened ${url}` : `No browser could be started for ${url}`),
      ),
    redraw: () => surface.redraw(),
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
    surface.redraw();
    // The screen first: what is behind it takes its time.
    await nextTurn();
    // What tells of the chat is loaded before there is one: from the first moment on nothing it tells may be missed.
    const made = await import('./dashboard.js');
    opened = await face.open();
    const { chat } = opened;
    const invalidate = (): void => surface.invalidate();
    dashboard = new made.Dashboard({ chat, clock, schedule, theme, bindings, invalidate, device });
    listen(face, chat, dashboard, () => surface.invalidateCalmly(), ending.signal);
    begin(face, chat, dashboard, ending.signal);
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

/** Takes every event of the chat into the records, and has it painted. */
function listen(
  { clock, output, notify }: DashboardFace,
  chat: Chat,
  dashboard: Dashboard,
  invalidate: () => void,
  signal: AbortSignal,
): void {
  const { events } = chat;
  const { records } = dashboard;
  const alarm = createAlarm(notify, clock, () => chat.username);
  events.on('said', (message) => records.message(message, true), { signal });
  events.on('message', (message) => records.message(message, dashboard.isLookedAt(message.conversation)), {
    signal,
  });
  events.on(
    'delivery',
    (delivery) => {
      records.delivery(delivery);
      dashboard.delivered();
    },
    { signal },
  );
  events.on(
    'notice',
    (notice) => {
      // A person with another name takes the conversation along before that is told in it.
      dashboard.follow();
      records.notice(notice, chat.conversations);
    },
    { signal },
  );
  events.on(
    'link',
    (change) => {
      records.link(change, chat.conversations);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'session',
    (change) => {
      records.session(change, chat.username);
      if (change.state === 'guest' && chat.username === null) dashboard.welcome();
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'back',
    (back) => {
      records.back(back);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'warning',
    (warning) => {
      records.warning(warning, chat.conversations);
      dashboard.flash(`!! ${warning.message}`);
      dashboard.follow();
    },
    { signal },
  );
  events.on(
    'notification',
    (notification) => {
      const call = alarm(notification);
      // Who does not look hears nothing of what came before.
      if (!output.writableNeedDrain) output.write(call);
      if (notification.conversation === null || !dashboard.isLookedAt(notification.conversation)) {
        dashboard.flash(`>> ${sentenceOf(notification, chat.username)}`);
      }
    },
    { signal },
  );
  events.onAny(invalidate, { signal });
}

function begin({ schedule }: DashboardFace, chat: Chat, dashboard: Dashboard, signal: AbortSignal): void {
  dashboard.records.session(chat.session, chat.username);
  if (chat.username === null && chat.session.state === 'guest') dashboard.welcome();
  dashboard.follow();
  const every = (delayMs: number, act: () => void): void => {
    schedule(delayMs, () => {
      if (signal.aborted) return;
      act();
      every(delayMs, act);
    });
  };
  every(TICK_MS, () => dashboard.follow());
  dashboard.measure();
  every(MEASURE_MS, () => dashboard.measure());
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
