// The terminal of one full-screen view: raw input, the screen, suspension, and restoration however the program ends.
// It does not interpret the input or compose the screen.
import type { ReadStream, WriteStream } from 'node:tty';
import type { Schedule } from '../../core/time/clock.js';
import { type Changes, createChanges, delay } from '../../core/time/wait.js';
import type { TerminalControls } from './controls.js';
import type { InputEvent, ReportEvent } from '../keys/parser.js';
import type { Depth } from '../paint/colour.js';
import type { Compose } from '../paint/composition.js';
import { openInBrowser } from './browser.js';
import { FENCE, Probe, PROBE, type TerminalTraits } from './probe.js';
import { reportOf } from './reports.js';
import type { Screen } from './screen.js';
import { terminalName } from './terminfo.js';
import { Tty } from './tty.js';

/** How long to wait for SIGTSTP to stop the process before the view resumes by itself. */
const RESUME_MS = 50;
/** How long the first screen waits for the answers of the terminal. If an answer comes later, the screen changes then. */
const ANSWER_MS = 500;
/** How long the program waits for answers before it exits. An answer that comes later appears as typed text in the shell. */
const LAST_ANSWER_MS = 2_000;

export interface TerminalParts {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** The environment: `BROWSER` (the program that opens links) and `TERM`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly schedule: Schedule;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonicNow: () => number;
}

export class Terminal implements TerminalControls {
  /** Resolves when the user quits, when `input` ends, or when the terminal is lost. */
  readonly ended: Promise<void>;
  readonly #parts: TerminalParts;
  readonly #tty: Tty;
  readonly #probe = new Probe();
  readonly #answers: Changes;
  /** The number of `FENCE` queries that the terminal has not answered yet. */
  #openFences = 0;
  #onTraits: (traits: TerminalTraits) => void = () => undefined;
  readonly #ending = new AbortController();
  #screen: Screen | null = null;
  /** Whether SIGCONT has continued the process since the last request to stop it. */
  #wasContinued = false;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.#tty = new Tty({
      ...parts,
      isAwaited: (kind, text) => this.#probe.isAwaited(kind, text),
      marksPastes: () => this.#probe.marksPastes,
      onReport: (report) => this.#accept(report),
    });
    this.#answers = createChanges(parts.schedule);
    const { signal } = this.#ending;
    this.ended = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
  }

  /** Aborted when `ended` resolves. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  take(): void {
    const { input, output } = this.#parts;
    for (const event of ['end', 'close', 'error'] as const) input.once(event, this.#end);
    output.once('close', this.#end);
    // This listener is never removed. A terminal that hung up may report an error late, and an unhandled error would crash the
    // process.
    output.on('error', this.#end);
    process.on('SIGCONT', this.#continue);
    this.#tty.take();
  }

  /** The queries to write on the first screen. */
  probe(): string {
    this.#openFences += 1;
    return PROBE;
  }

  /** Loads Blessed and shows what `compose` returns. */
  async openScreen(depth: Depth, compose: Compose): Promise<void> {
    const { Screen } = await import('./screen.js');
    const { output, schedule, env } = this.#parts;
    this.#screen = new Screen({
      output,
      terminalName: terminalName(env) ?? 'xterm',
      depth,
      schedule,
      compose: this.#noting(compose),
    });
    this.#screen.redraw();
  }

  /**
   * Resolves with the traits of the terminal when it has answered all queries of `PROBE`. After 500 ms, resolves with what is
   * known then.
   */
  async traits(): Promise<TerminalTraits> {
    await this.#answers.until(() => !this.#probe.isPending, ANSWER_MS);
    return this.#probe.traits;
  }

  /** Calls `handle` for answers that come after `traits` has resolved. */
  onTraits(handle: (traits: TerminalTraits) => void): void {
    this.#onTraits = handle;
  }

  /** Shows what `compose` returns from now on. */
  show(compose: Compose): void {
    this.#screen?.show(this.#noting(compose));
  }

  /** Sends input to `handle`, starting with the input that came before this call. */
  onInput(handle: (event: InputEvent) => void): void {
    this.#tty.onInput(handle);
  }

  /** Repaints at the end of this turn of the event loop, because the user is waiting for the change. */
  invalidate(): void {
    this.#screen?.invalidate();
  }

  /** Repaints soon, together with other changes. */
  invalidateCalmly(): void {
    this.#screen?.invalidateCalmly();
  }

  linkAt(x: number, y: number): string | null {
    return this.#screen?.linkAt(x, y) ?? null;
  }

  openLink(url: string): Promise<boolean> {
    return openInBrowser(url, this.#parts.env['BROWSER']);
  }

  redraw(): void {
    this.#screen?.redraw();
  }

  toggleMouse(): void {
    this.#tty.toggleMouse();
  }

  hasMouse(): boolean {
    return this.#tty.hasMouse;
  }

  quit(): void {
    this.#end();
  }

  /** Restores the terminal after it has answered all queries. Resolves false if the terminal does not accept output. */
  async restore(): Promise<boolean> {
    process.off('SIGCONT', this.#continue);
    this.#tty.releaseKeyboard();
    this.#screen?.close();
    await this.#lastAnswers();
    this.#tty.restore();
    return this.#tty.settled();
  }

  /** Wraps `compose`: each call also reports to `Tty` that the screen is about to be written. */
  #noting(compose: Compose): Compose {
    return (columns, rows) => {
      const composition = compose(columns, rows);
      this.#tty.noteFrame();
      return composition;
    };
  }

  /**
   * Waits until all pending answers, mouse reports and keys have arrived, because the shell would read them as typed text. A last
   * `FENCE` query is sent for this: its answer comes after all of them. It is not sent if the terminal has not answered the
   * earlier queries.
   */
  async #lastAnswers(): Promise<void> {
    if (!this.#tty.isUsable) return;
    this.#tty.quieten();
    const hasAnswered = (): boolean => this.#openFences === 0 || !this.#tty.isUsable;
    if (!(await this.#answers.until(hasAnswered, LAST_ANSWER_MS)) || !this.#tty.isUsable) return;
    this.#openFences += 1;
    this.#tty.ask(FENCE);
    await this.#answers.until(hasAnswered, LAST_ANSWER_MS);
  }

  readonly #end = (): void => {
    this.#ending.abort();
    this.#answers.notify();
  };

  #accept(event: ReportEvent): void {
    const report = reportOf(event);
    if (report === null) return;
    this.#probe.accept(report);
    if (report.kind === 'attributes') this.#openFences = Math.max(0, this.#openFences - 1);
    this.#answers.notify();
    if (!this.#probe.isPending) this.#onTraits(this.#probe.traits);
  }

  async suspend(): Promise<boolean> {
    this.#tty.releaseKeyboard();
    this.#screen?.leave();
    await this.#lastAnswers();
    this.#tty.restore();
    await this.#tty.settled();
    this.#wasContinued = false;
    // Process id 0 addresses the whole process group, which a terminal also stops when it handles Ctrl+Z itself.
    process.kill(0, 'SIGTSTP');
    // Without a parent shell SIGTSTP does not stop the process, and the view resumes after this delay.
    await delay(this.#parts.schedule, RESUME_MS);
    this.#resume();
    // After a stop, the event loop may handle the timer before SIGCONT; this delay lets the signal be handled.
    await delay(this.#parts.schedule, RESUME_MS);
    return this.#wasContinued;
  }

  readonly #continue = (): void => {
    this.#wasContinued = true;
    this.#resume();
  };

  readonly #resume = (): void => {
    this.#tty.take();
    this.#screen?.enter();
  };
}
