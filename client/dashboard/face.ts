// The dashboard face: the terminal, the chat and the dashboard put together, from the splash screen to the exit.
// The first screen needs few modules; the others are loaded after it is shown.
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { type Clock, monotonicNow, type Schedule } from '../../core/time/clock.js';
import type { Chat } from '../chat/port.js';
import type { Alarm } from '../wording/alarm.js';
import { counted } from '../wording/lists.js';
import type { Bindings } from './input/keys/bindings.js';
import { Appearance, backgroundOf, type ThemeChoice } from '../../screen/paint/appearance.js';
import { Characters } from '../../screen/paint/characters.js';
import { hasUtf8, localeOf } from '../../screen/paint/charset.js';
import { depthOf } from '../../screen/paint/colour.js';
import { splashBytes, splashScreen } from './splash.js';
import { CrashReport } from '../../screen/terminal/crash-report.js';
import { Terminal } from '../../screen/terminal/terminal.js';
import { assumptionNote } from '../../screen/terminal/terminfo.js';

const DRAIN_TIMEOUT_MS = 5_000;

/** An open profile. */
export interface Opened {
  readonly chat: Chat;
  /** The path of the log file, which a crash report mentions. */
  readonly logFile: string;
  /** A sentence to show at the start; undefined to show no sentence. */
  readonly note?: string | undefined;
}

export interface DashboardFace {
  /** Called once the splash screen is shown. Keys typed until it resolves are kept. */
  readonly open: () => Promise<Opened>;
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** `NO_COLOR`, `COLORTERM`, `TERM` and `BROWSER` are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly notify: Alarm;
  readonly theme: ThemeChoice;
  /** Whether to show ASCII only; undefined to decide by the locale in `env`. */
  readonly isAscii: boolean | undefined;
  readonly bindings: Bindings;
}

/**
 * Runs until the user quits, `input` ends or is destroyed, or the terminal is lost. Then restores the terminal and waits up
 * to 5 s for queued messages. If `open` rejects, restores the terminal and rejects with the same error. The caller closes
 * the chat.
 */
export async function runDashboard(face: DashboardFace): Promise<void> {
  const { input, output, env, schedule } = face;
  const terminal = new Terminal({ input, output, env, schedule, monotonicNow });
  const crashReport = new CrashReport(terminal);
  crashReport.start();
  let chat: Chat;
  try {
    chat = await showUntilEnded(face, terminal, crashReport);
  } finally {
    await terminal.restore();
    crashReport.stop();
  }
  await drain(chat, output);
}

async function showUntilEnded(
  face: DashboardFace,
  terminal: Terminal,
  crashReport: CrashReport,
): Promise<Chat> {
  const { output, env, clock, schedule, notify, bindings } = face;
  const appearance = new Appearance(face.theme, backgroundOf(env));
  const { theme } = appearance;
  const characters = new Characters(face.isAscii, hasUtf8(env, process.platform), appearance);
  const depth = depthOf(env);
  terminal.take();
  output.write(splashBytes(output.columns, output.rows, theme, depth, terminal.probe()));
  // Let the splash screen reach the terminal before Blessed is loaded, which takes most of the start.
  await nextTurn();
  await terminal.openScreen(depth, (columns, rows) => splashScreen(columns, rows, theme));
  // The dashboard is loaded before the chat is opened, so that no event is missed between opening and subscribing.
  const { Dashboard } = await import('./dashboard.js');
  const { subscribe } = await import('./subscriptions.js');
  const { chat, logFile, note } = await face.open();
  crashReport.logFile = logFile;
  await characters.adapt(await terminal.traits());
  const invalidate = (): void => terminal.invalidate();
  const invalidateCalmly = (): void => terminal.invalidateCalmly();
  const dashboard = new Dashboard({
    chat,
    clock,
    schedule,
    appearance,
    characters,
    bindings,
    controls: terminal,
    invalidate,
    invalidateCalmly,
  });
  subscribe({
    chat,
    dashboard,
    clock,
    schedule,
    output,
    notify,
    invalidate: invalidateCalmly,
    signal: terminal.signal,
  });
  appearance.onChange(() => {
    dashboard.timelines.forgetRows();
    terminal.redraw();
  });
  terminal.onTraits((traits) => void characters.adapt(traits));
  const assumed = [asciiNote(face), assumptionNote(env, existsSync)].filter((text) => text !== undefined);
  for (const text of assumed) dashboard.timelines.addText(null, 'system', text);
  const notes = [...(note === undefined ? [] : [note]), ...assumed];
  if (notes.length > 0) dashboard.status.show(notes.join(' '));
  terminal.show((columns, rows) => dashboard.compose(columns, rows));
  terminal.onInput((event) => dashboard.input(event));
  await terminal.ended;
  dashboard.navigation.keepDraft();
  return chat;
}

/** Says that the locale is the reason for ASCII; undefined if it is not. */
function asciiNote({ env, isAscii }: DashboardFace): string | undefined {
  if (isAscii !== undefined || hasUtf8(env, process.platform)) return undefined;
  const locale = localeOf(env);
  const reason = locale === '' ? 'no locale is set' : `the locale ${locale} has no UTF-8`;
  return `Only ASCII is shown, because ${reason}. PARTYLINE_ASCII=0 shows all characters.`;
}

async function drain(chat: Chat, output: WriteStream): Promise<void> {
  const queued = await chat.drained(0);
  if (queued === 0) return;
  const print = (text: string): void => {
    if (output.writable) output.write(`${text}\n`);
  };
  print(`Waiting up to 5 s to send ${counted(queued, 'message')}.`);
  const unsent = await chat.drained(DRAIN_TIMEOUT_MS);
  if (unsent > 0) print(`${counted(unsent, 'message')} stored, to be sent at the next start.`);
}
