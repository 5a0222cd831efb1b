// What keys, the mouse and entered lines do: the state of the dashboard between two pictures. Paints nothing itself.
import type { Clock, Schedule } from '../../core/time/clock.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { ConversationLabel } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import { secretStart } from '../commands/line.js';
import { actionsOf } from './actions.js';
import { Completion, OFFER_LEGENDS } from './model/completion.js';
import type { Device } from './terminal/device.js';
import { Editor } from './input/editor/editor.js';
import { InputHistory } from './input/editor/history.js';
import { KnownFacts } from './model/directory-cache.js';
import { Flashes } from './model/status-message.js';
import { explainHint, hintFor, leaveHint, NOT_YET, WELCOME } from './view/hints.js';
import type { Action, Bindings } from './input/keys/bindings.js';
import { keyOf, legendText } from './input/keys/legend.js';
import type { InputEvent } from './input/keys/parser.js';
import { Layers } from './overlay/overlays.js';
import { Navigation } from './model/navigation.js';
import { Past } from './model/pager.js';
import { pastedText } from './input/paste.js';
import { type Flash, type Picture, pictureOf } from './view/composed-screen.js';
import { point } from './input/mouse.js';
import { Records } from './model/timelines.js';
import { Speech } from './input/submit.js';
import type { Theme } from './paint/theme.js';
import { Visitor } from './model/visitor.js';
import { LinkWatch } from './model/link-monitor.js';

/** Deliveries that come within this time are looked at together. */
const DELIVERED_MS = 100;

export interface DashboardParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly theme: Theme;
  readonly bindings: Bindings;
  /** Something is to be painted: at once, for a key… */
  readonly invalidate: () => void;
  /** …or with what else comes, for what nobody has asked for. */
  readonly invalidateCalmly: () => void;
  readonly device: Device;
}

/** What is done whatever lies on top. */
const ALWAYS: ReadonlySet<Action> = new Set(['quit', 'redraw', 'suspend', 'close', 'toggle-mouse']);

export class Dashboard {
  readonly records: Records;
  readonly facts: KnownFacts;
  readonly #parts: DashboardParts;
  readonly #watch: LinkWatch;
  readonly #navigation: Navigation;
  readonly #visitor = new Visitor();
  readonly #inputs = new InputHistory();
  readonly #editor = new Editor(this.#inputs);
  readonly #completion: Completion;
  readonly #layers: Layers;
  readonly #speech: Speech;
  readonly #does: Partial<Record<Action, () => void>>;
  readonly #flashes: Flashes;
  #picture: Picture | null = null;
  #isLookDue = false;

  constructor(parts: DashboardParts) {
    const { chat, theme, clock, invalidate, invalidateCalmly, device } = parts;
    this.#parts = parts;
    this.records = new Records(theme, clock, () => chat.username);
    this.facts = new KnownFacts(chat, invalidateCalmly);
    this.#watch = new LinkWatch(chat, invalidateCalmly);
    this.#flashes = new Flashes(parts.schedule, invalidateCalmly);
    this.#speech = new Speech(chat);
    const flash = (text: string): void => this.flash(text);
    const layout = () => this.#picture?.layout ?? null;
    this.#navigation = new Navigation({
      chat,
      records: this.records,
      editor: this.#editor,
      past: new Past(chat, this.records, invalidate),
      say: flash,
      onShown: () => this.#refreshFacts(),
    });
    this.#completion = new Completion(this.#editor, () => ({
      people: this.facts.names,
      rooms: this.facts.rooms.map(({ name }) => name),
      conversations: chat.conversations,
    }));
    this.#layers = new Layers({
      ...parts,
      facts: this.facts,
      watch: this.#watch,
      records: this.records,
      flash,
      shown: () => this.#navigation.shown,
      show: (shown) => this.#navigation.show(shown),
      jump: ({ conversation, id }) => void this.#jump(conversation, id),
      enter: (line) => void this.#carryOut(line),
      begin: (line) => this.#begin(line),
      perform: (action) => this.#perform(action),
      onEntered: () => {
        this.records.note(null, 'system', WELCOME);
        this.follow();
      },
    });
    this.#does = actionsOf({
      navigation: this.#navigation,
      layers: this.#layers,
      completion: this.#completion,
      device,
      layout,
      flash,
      enter: () => void this.#enterLine(),
      speak: (line) => void this.#speak(line),
      logIn: () => this.#layers.entrance(chat.username === null ? 'register' : 'login', '', ''),
    });
  }

  compose(columns: number, rows: number): Picture {
    const { chat, clock, theme, bindings, device } = this.#parts;
    const { windows, shown } = this.#navigation;
    const { offers } = this.#completion;
    const hint = offers === null ? hintFor(chat, shown, bindings) : legendText(OFFER_LEGENDS, bindings);
    const parts = {
      chat,
      clock,
      theme,
      bindings,
      windows,
      records: this.records,
      facts: this.facts,
      watch: this.#watch,
      editor: this.#editor,
    };
    const { top: overlay } = this.#layers;
    const moment = { overlay, offers, flash: this.#flashes.current, hint, hasMouse: device.hasMouse() };
    this.#picture = pictureOf(parts, moment, columns, rows);
    return this.#picture;
  }

  /** Tells in the hint line what has just happened. */
  flash(text: string, kind: Flash['kind'] = 'notification'): void {
    this.#flashes.tell(text, kind);
  }

  /** What there is has changed: windows follow, and titles are asked for anew. */
  follow(): void {
    if (this.#visitor.isAnother(this.#parts.chat.username)) this.#forget();
    this.#navigation.follow();
    this.#refreshFacts();
    this.#watch.look(false);
  }

  /** Less may wait now than titles tell; many are looked at together. */
  delivered(): void {
    if (this.#isLookDue || !this.#watch.isAnythingQueued) return;
    this.#isLookDue = true;
    this.#parts.schedule(DELIVERED_MS, () => {
      this.#isLookDue = false;
      this.#watch.look(false);
    });
  }

  /** It is time for one more round trip of every link. */
  measure(): void {
    this.#watch.look(true);
  }

  /** Whether the user looks at it. */
  isLookedAt(label: ConversationLabel): boolean {
    return this.#navigation.shown === label;
  }

  input(event: InputEvent): void {
    this.#parts.chat.active();
    switch (event.kind) {
      case 'text':
        this.#type(event.text);
        break;
      case 'paste':
        this.#paste(pastedText(event.text));
        break;
      case 'key':
        this.#press(event.key);
        break;
      case 'mouse':
        this.#mouse(event);
        break;
    }
    this.#parts.invalidate();
  }

  /** Nobody has an account here. */
  welcome(): void {
    this.#layers.welcome(!this.#visitor.hasBeenHere);
  }

  /** What one wrote and read is not for another who logs in here. */
  #forget(): void {
    this.records.forget();
    this.#navigation.forget();
    this.#inputs.forget();
  }

  #refreshFacts(): void {
    this.facts.refresh(this.#navigation.windows.all.flatMap(({ shown }) => shown ?? []));
  }

  #type(text: string): void {
    if (this.#layers.top !== null) this.#layers.top.type(text);
    else {
      this.#editor.insert(text);
      this.#completion.follow();
    }
  }

  #paste(text: string): void {
    const isAsked = this.#layers.top === null && this.#layers.paste(text, (chosen) => this.#type(chosen));
    if (!isAsked) this.#type(text);
  }

  #press(key: string): void {
    const action = this.#parts.bindings.actionOf(key);
    if (action !== undefined) this.#perform(action);
    else if (key === 'C-c') this.flash(leaveHint(this.#parts.bindings));
  }

  #perform(action: Action): void {
    const { top } = this.#layers;
    if (top !== null && !ALWAYS.has(action)) top.act(action);
    else if (top === null && this.#completion.act(action)) return;
    else if (this.#editor.act(action)) {
      if (action === 'erase-left') this.#completion.follow();
      else this.#completion.close();
    } else {
      if (action !== 'complete') this.#completion.close();
      this.#does[action]?.();
    }
  }

  #mouse(event: InputEvent & { kind: 'mouse' }): void {
    if (this.#picture === null) return;
    const parts = {
      layers: this.#layers,
      completion: this.#completion,
      navigation: this.#navigation,
      device: this.#parts.device,
      speak: (line: string): void => void this.#speak(line),
    };
    point(parts, event, this.#picture);
  }

  async #jump(label: ConversationLabel, id: string): Promise<void> {
    const isThere = await this.#navigation.jump(label, id, this.#picture?.layout ?? null);
    if (!isThere) this.flash('That message is further back than a window goes. /export writes all there is.');
    this.#parts.invalidate();
  }

  /** What is being written is not lost: undoing brings it back. */
  #begin(line: string): void {
    const { bindings } = this.#parts;
    const isWritten = this.#editor.text !== '';
    this.#editor.become(line);
    const undo = keyOf('undo', bindings);
    if (isWritten && undo !== null) this.flash(`${undo} brings back what you were writing.`);
  }

  async #enterLine(): Promise<void> {
    const { text } = this.#editor;
    if (text.trim() === '') return;
    this.#editor.take(secretStart(text) === null);
    this.#navigation.forgetDraft();
    // What comes of it is to be seen, and what was told before it is done with.
    this.#navigation.scroll('newest', this.#picture?.layout ?? null);
    this.#flashes.end();
    await this.#carryOut(text);
  }

  /** Some commands have a view of their own here. */
  async #carryOut(text: string): Promise<void> {
    if (!this.#layers.carryOut(text)) await this.#speak(text);
    this.#parts.invalidate();
  }

  async #speak(text: string): Promise<void> {
    const { shown } = this.#navigation;
    const answered = this.#flashes.tellIfSlow(NOT_YET);
    const { outcomes, opened, isLast } = await this.#speech.speak(text, shown);
    answered();
    for (const outcome of outcomes) {
      this.records.outcome(opened ?? shown, outcome);
      if (isSuccess(outcome.status)) continue;
      this.flash(`!! ${outcome.message}${explainHint(this.#parts.bindings)}`, 'error');
    }
    if (opened !== null) this.#navigation.show(opened);
    this.follow();
    this.#parts.invalidate();
    if (isLast) this.#parts.device.quit();
  }
}
