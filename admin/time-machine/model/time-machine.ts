// The state of the time machine: the cursor in the log, and everything that is shown with it. Actions change it; what they need is
// read from the log, and the latest action wins. It neither paints nor knows keys.
import { messageOf, OperatorError } from '../../../core/errors.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Clock, Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import { type Moment, MOMENT_FORMS, parseMoment } from '../../moment.js';
import type { Subject } from '../../subject/subject.js';
import type { Direction, Reads, Scene } from '../reads.js';
import { Help } from './help.js';
import { Jumps } from './jumps.js';
import { Observation } from './observation.js';
import { Playback } from './playback.js';
import { Prompt, type PromptKind } from './prompt.js';
import { TimelineWindow } from './timeline-window.js';

export interface TimeMachineParts {
  readonly reads: Reads;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** Called after each change of what is shown. */
  readonly onChange: () => void;
  /** Called with an error that no user can correct. The view then ends. */
  readonly onFailure: (thrown: unknown) => void;
}

/** The start that the command line names. */
export interface Start {
  readonly at: Moment;
  readonly subject: Subject | null;
}

/** The space for lists on the screen. */
export interface Fit {
  readonly timelineColumns: number;
  readonly listRows: number;
  readonly eventRows: number;
}

/** How often the end of the log is read, because a tracker may append to it. */
const REFRESH_MS = 1_000;

export class TimeMachine {
  readonly playback: Playback;
  readonly window: TimelineWindow;
  readonly jumps: Jumps;
  readonly observation: Observation;
  readonly help: Help;
  readonly #parts: TimeMachineParts;
  #end = 0;
  #at = 0;
  #prompt: Prompt | null = null;
  #searched = '';
  #message = '';
  #stopRefresh: () => void = () => undefined;

  constructor(parts: TimeMachineParts) {
    this.#parts = parts;
    const { clock, schedule, reads, onChange } = parts;
    const run = (work: () => Promise<void>): void => void this.#attempt(work);
    this.playback = new Playback({ clock, schedule, advance: (time) => run(() => this.#advance(time)) });
    this.window = new TimelineWindow({ reads, run, onChange });
    this.help = new Help(onChange);
    const place = () => ({ at: this.#at, end: this.#end });
    const onRead = (): void => this.#tellPlayback();
    this.observation = new Observation({ reads, run, place, onChange, onRead });
    this.jumps = new Jumps({
      reads,
      run,
      place,
      goTo: (position) => this.goTo(position),
      show: (message) => this.show(message),
    });
  }

  /** Goes to the start. Throws an `OperatorError` for a moment that the log does not have. */
  async open({ at, subject }: Start): Promise<void> {
    const { reads, schedule } = this.#parts;
    this.#end = await reads.end();
    this.#at = await reads.positionAt(at);
    await this.window.extend(this.#end);
    if (subject !== null) this.observation.choose(subject);
    this.#stopRefresh = every(schedule, REFRESH_MS, () => void this.#attempt(() => this.#refresh()));
  }

  close(): void {
    this.#stopRefresh();
    this.playback.stop();
    this.jumps.end();
    this.window.close();
    this.observation.close();
  }

  /** The position of the cursor. The scene may still be that of an earlier one. */
  get at(): number {
    return this.#at;
  }

  /** The position of the last event. */
  get end(): number {
    return this.#end;
  }

  /** The latest scene that was read; null before the first. It may be that of an earlier position. */
  get scene(): Scene | null {
    return this.observation.scene;
  }

  get prompt(): Prompt | null {
    return this.#prompt;
  }

  /** A sentence for the last row; may be empty. */
  get message(): string {
    return this.#message;
  }

  /** Takes over the sizes of the screen's parts. */
  fit(fit: Fit): void {
    this.window.resize(fit.timelineColumns);
    this.observation.resize(fit.listRows, fit.eventRows);
  }

  /** Moves the cursor to a position, at most to an end of the log. */
  goTo(position: number): void {
    this.jumps.end();
    this.playback.jumped();
    this.#moveTo(position);
  }

  step(events: number): void {
    this.goTo(this.#at + events);
  }

  page(direction: Direction): void {
    this.step((direction === 'next' ? 1 : -1) * Math.max(1, this.observation.eventRows - 1));
  }

  /** Moves the cursor by a time of the log, at least by one event. */
  stepTime(deltaMs: number): void {
    void this.#attempt(async () => {
      const { reads } = this.#parts;
      const from = this.#at;
      const time = await reads.timeAt(from);
      const found = time === null ? 0 : await reads.positionAtTime(time + deltaMs);
      this.goTo(deltaMs > 0 ? Math.max(found, from + 1) : Math.min(found, from - 1));
    });
  }

  /** Moves the cursor to the end of a column of the timeline. */
  goToColumn(column: number): void {
    const position = this.window.positionAt(column);
    if (position !== undefined) this.goTo(position);
  }

  /** Moves the cursor to the next column with events. */
  stepColumn(direction: Direction): void {
    const position = this.window.nextStop(this.#at, direction);
    if (position !== undefined) this.goTo(position);
  }

  zoom(direction: 'in' | 'out'): void {
    this.window.zoom(direction, this.scene?.recordedAt ?? null);
  }

  seekTypes(direction: Direction, types: readonly string[], name: string): void {
    this.jumps.start(direction, { kind: 'types', types }, name);
  }

  /** Jumps to the next event of the type of the event under the cursor. */
  seekKind(direction: Direction): void {
    const { event } = this.scene ?? {};
    if (event?.position !== this.#at) return this.show('There is no event under the cursor.');
    this.seekTypes(direction, [event.type], event.type);
  }

  seekSubject(direction: Direction): void {
    const { subject = null, list } = this.scene ?? {};
    if (subject === null) return this.show('No room or account is selected.');
    const line = list?.lines.find((one) => one.subject.stream === subject.stream);
    this.jumps.start(direction, { kind: 'subject', subject }, line?.name ?? subject.stream);
  }

  /** Jumps to the next hit of the last search, or asks for a text. */
  seekHit(direction: Direction): void {
    if (this.#searched === '') return this.ask('search');
    this.jumps.start(direction, { kind: 'text', text: this.#searched }, `"${this.#searched}"`);
  }

  /** Opens the line for a search or a moment. */
  ask(kind: PromptKind): void {
    this.playback.stop();
    this.#prompt = new Prompt(kind);
    this.show('');
  }

  /** Shows the prompt after a key has changed it. */
  editPrompt(edit: (prompt: Prompt) => void): void {
    if (this.#prompt !== null) edit(this.#prompt);
    this.#parts.onChange();
  }

  /** Takes the typed line. A search looks forward, and back from the end of the log. */
  submit(): void {
    const prompt = this.#prompt;
    this.#prompt = null;
    this.show('');
    if (prompt === null || prompt.text.trim() === '') return;
    if (prompt.kind === 'search') {
      this.#searched = prompt.text;
      return this.seekHit(this.#at === this.#end ? 'previous' : 'next');
    }
    const moment = parseMoment(prompt.text.trim(), this.#parts.clock);
    if (moment === null) return this.show(MOMENT_FORMS);
    void this.#attempt(async () => this.goTo(await this.#parts.reads.positionAt(moment)));
  }

  /** Closes the topmost of: the typed line, the help, a running search, the comparison. */
  closeTop(): void {
    if (this.#prompt !== null) this.#prompt = null;
    else if (this.help.isShown) this.help.toggle();
    else if (this.jumps.isRunning) this.jumps.end();
    else if (this.observation.other !== null) this.observation.compare(null);
    this.show('');
  }

  /** Plays from the cursor, or from the beginning if the cursor is at the end. */
  togglePlay(): void {
    if (this.playback.isPlaying) this.playback.stop();
    else {
      this.jumps.end();
      if (this.#at === this.#end) this.#moveTo(0);
      this.playback.start();
      this.#tellPlayback();
    }
    this.show('');
  }

  changeSpeed(step: 1 | -1): void {
    this.playback.change(step);
    this.#tellPlayback();
    this.show(`The speed is ${this.playback.speedText}.`);
  }

  /** Shows this moment beside that of the cursor. */
  compareMark(): void {
    this.observation.compare(this.#at);
    this.show('Move the cursor to compare this moment with another one.');
  }

  /** Runs work whose reading may fail. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!(thrown instanceof OperatorError)) return this.#parts.onFailure(thrown);
      // A damaged event is shown as a message, and the cursor can move on.
      this.playback.stop();
      this.show(sanitiseLine(`${messageOf(thrown)}. ${thrown.remedy}`));
    }
  }

  /** Shows a sentence in the last row until the next action. */
  show(message: string): void {
    this.#message = message;
    this.#parts.onChange();
  }

  #moveTo(position: number): void {
    this.#at = Math.max(0, Math.min(this.#end, position));
    this.show('');
    this.observation.read();
  }

  async #advance(time: number | null): Promise<void> {
    const due = time === null ? 0 : await this.#parts.reads.positionAtTime(time);
    if (this.playback.isPlaying) this.#moveTo(Math.max(this.#at + 1, due));
  }

  /** Reports the event under the cursor to the playback, once it is read. */
  #tellPlayback(): void {
    const { scene } = this;
    if (scene?.position !== this.#at) return;
    if (scene.recordedAt !== null) this.window.keep(scene.recordedAt);
    this.playback.reached(scene);
    this.#parts.onChange();
  }

  /** Follows a log that grows. A cursor at its end stays there. */
  async #refresh(): Promise<void> {
    const end = await this.#parts.reads.end();
    if (end === this.#end) return;
    const wasAtEnd = this.#at === this.#end;
    this.#end = end;
    await this.window.extend(end);
    if (wasAtEnd && !this.playback.isPlaying) this.#moveTo(end);
    else this.observation.read();
  }
}
