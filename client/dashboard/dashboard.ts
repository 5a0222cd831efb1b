// What keys, the mouse and entered lines do: the state of the dashboard between two pictures. Paints nothing itself.
import type { Clock, Schedule } from '../../core/time/clock.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { ConversationLabel } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import { secretStart } from '../commands/line.js';
import { actionsOf } from './actions.js';
import { Completion, OFFER_LEGENDS } from './model/completion.js';
import type { TerminalControls } from './terminal/controls.js';
import { Editor } from './input/editor/editor.js';
import { InputHistory } from './input/editor/history.js';
import { DirectoryCache } from './model/directory-cache.js';
import { StatusMessages } from './model/status-message.js';
import { explainHint, hintFor, leaveHint, NOT_YET, WELCOME } from './view/hints.js';
import type { Action, Bindings } from './input/keys/bindings.js';
import { keyOf, legendText } from './input/keys/legend.js';
import type { InputEvent } from './input/keys/parser.js';
import { Overlays } from './overlay/overlays.js';
import { Navigation } from './model/navigation.js';
import { Pager } from './model/pager.js';
import { pastedText } from './input/paste.js';
import { type StatusMessage, type ComposedScreen, composeScreen } from './view/composed-screen.js';
import { handleMouse } from './input/mouse.js';
import { Timelines } from './model/timelines.js';
import { LineSubmitter } from './input/submit.js';
import type { Theme } from './paint/theme.js';
import { CurrentUser } from './model/current-user.js';
import { LinkMonitor } from './model/link-monitor.js';

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
  readonly controls: TerminalControls;
}

/** What is done whatever lies on top. */
const ALWAYS: ReadonlySet<Action> = new Set(['quit', 'redraw', 'suspend', 'close', 'toggle-mouse']);

export class Dashboard {
  readonly timelines: Timelines;
  readonly directory: DirectoryCache;
  readonly #parts: DashboardParts;
  readonly #monitor: LinkMonitor;
  readonly #navigation: Navigation;
  readonly #currentUser = new CurrentUser();
  readonly #inputs = new InputHistory();
  readonly #editor = new Editor(this.#inputs);
  readonly #completion: Completion;
  readonly #overlays: Overlays;
  readonly #speech: LineSubmitter;
  readonly #does: Partial<Record<Action, () => void>>;
  readonly #statusMessages: StatusMessages;
  #screen: ComposedScreen | null = null;
  #isLookDue = false;

  constructor(parts: DashboardParts) {
    const { chat, theme, clock, invalidate, invalidateCalmly, controls } = parts;
    this.#parts = parts;
    this.timelines = new Timelines(theme, clock, () => chat.username);
    this.directory = new DirectoryCache(chat, invalidateCalmly);
    this.#monitor = new LinkMonitor(chat, invalidateCalmly);
    this.#statusMessages = new StatusMessages(parts.schedule, invalidateCalmly);
    this.#speech = new LineSubmitter(chat);
    const flash = (text: string): void => this.flash(text);
    const layout = () => this.#screen?.layout ?? null;
    this.#navigation = new Navigation({
      chat,
      timelines: this.timelines,
      editor: this.#editor,
      pager: new Pager(chat, this.timelines, invalidate),
      showStatus: flash,
      onShown: () => this.#refreshFacts(),
    });
    this.#completion = new Completion(this.#editor, () => ({
      people: this.directory.names,
      rooms: this.directory.rooms.map(({ name }) => name),
      conversations: chat.conversations,
    }));
    this.#overlays = new Overlays({
      ...parts,
      directory: this.directory,
      monitor: this.#monitor,
      timelines: this.timelines,
      flash,
      shown: () => this.#navigation.shown,
      show: (shown) => this.#navigation.show(shown),
      jump: ({ conversation, id }) => void this.#jump(conversation, id),
      submit: (line) => void this.#carryOut(line),
      beginLine: (line) => this.#beginLine(line),
      perform: (action) => this.#perform(action),
      onEntered: () => {
        this.timelines.note(null, 'system', WELCOME);
        this.follow();
      },
    });
    this.#does = actionsOf({
      navigation: this.#navigation,
      overlays: this.#overlays,
      completion: this.#completion,
      controls,
      layout,
      flash,
      enter: () => void this.#enterLine(),
      speak: (line) => void this.#speak(line),
      logIn: () => this.#overlays.openLoginForm(chat.username === null ? 'register' : 'login', '', ''),
    });
  }

  compose(columns: number, rows: number): ComposedScreen {
    const { chat, clock, theme, bindings, controls } = this.#parts;
    const { windows, shown } = this.#navigation;
    const { offers } = this.#completion;
    const hint = offers === null ? hintFor(chat, shown, bindings) : legendText(OFFER_LEGENDS, bindings);
    const parts = {
      chat,
      clock,
      theme,
      bindings,
      windows,
      timelines: this.timelines,
      directory: this.directory,
      monitor: this.#monitor,
      editor: this.#editor,
    };
    const { top: overlay } = this.#overlays;
    const moment = {
      overlay,
      offers,
      flash: this.#statusMessages.current,
      hint,
      hasMouse: controls.hasMouse(),
    };
    this.#screen = composeScreen(parts, moment, columns, rows);
    return this.#screen;
  }

  /** Tells in the hint line what has just happened. */
  flash(text: string, kind: StatusMessage['kind'] = 'notification'): void {
    this.#statusMessages.tell(text, kind);
  }

  /** What there is has changed: windows follow, and titles are asked for anew. */
  follow(): void {
    if (this.#currentUser.isOther(this.#parts.chat.username)) this.#forget();
    this.#navigation.follow();
    this.#refreshFacts();
    this.#monitor.refresh(false);
  }

  /** Less may wait now than titles tell; many are looked at together. */
  delivered(): void {
    if (this.#isLookDue || !this.#monitor.isAnythingQueued) return;
    this.#isLookDue = true;
    this.#parts.schedule(DELIVERED_MS, () => {
      this.#isLookDue = false;
      this.#monitor.refresh(false);
    });
  }

  /** It is time for one more round trip of every link. */
  measure(): void {
    this.#monitor.refresh(true);
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
  openWelcome(): void {
    this.#overlays.openWelcome(!this.#currentUser.wasEverLoggedIn);
  }

  /** What one wrote and read is not for another who logs in here. */
  #forget(): void {
    this.timelines.forget();
    this.#navigation.forget();
    this.#inputs.forget();
  }

  #refreshFacts(): void {
    this.directory.refresh(this.#navigation.windows.all.flatMap(({ shown }) => shown ?? []));
  }

  #type(text: string): void {
    if (this.#overlays.top !== null) this.#overlays.top.type(text);
    else {
      this.#editor.insert(text);
      this.#completion.follow();
    }
  }

  #paste(text: string): void {
    const isAsked =
      this.#overlays.top === null && this.#overlays.askAboutPaste(text, (chosen) => this.#type(chosen));
    if (!isAsked) this.#type(text);
  }

  #press(key: string): void {
    const action = this.#parts.bindings.actionOf(key);
    if (action !== undefined) this.#perform(action);
    else if (key === 'C-c') this.flash(leaveHint(this.#parts.bindings));
  }

  #perform(action: Action): void {
    const { top } = this.#overlays;
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
    if (this.#screen === null) return;
    const parts = {
      overlays: this.#overlays,
      completion: this.#completion,
      navigation: this.#navigation,
      controls: this.#parts.controls,
      speak: (line: string): void => void this.#speak(line),
    };
    handleMouse(parts, event, this.#screen);
  }

  async #jump(label: ConversationLabel, id: string): Promise<void> {
    const isThere = await this.#navigation.jump(label, id, this.#screen?.layout ?? null);
    if (!isThere) this.flash('That message is further back than a window goes. /export writes all there is.');
    this.#parts.invalidate();
  }

  /** What is being written is not lost: undoing brings it back. */
  #beginLine(line: string): void {
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
    this.#navigation.scroll('newest', this.#screen?.layout ?? null);
    this.#statusMessages.end();
    await this.#carryOut(text);
  }

  /** Some commands have a view of their own here. */
  async #carryOut(text: string): Promise<void> {
    if (!this.#overlays.carryOut(text)) await this.#speak(text);
    this.#parts.invalidate();
  }

  async #speak(text: string): Promise<void> {
    const { shown } = this.#navigation;
    const answered = this.#statusMessages.tellIfSlow(NOT_YET);
    const { outcomes, opened, isLast } = await this.#speech.speak(text, shown);
    answered();
    for (const outcome of outcomes) {
      this.timelines.outcome(opened ?? shown, outcome);
      if (isSuccess(outcome.status)) continue;
      this.flash(`!! ${outcome.message}${explainHint(this.#parts.bindings)}`, 'error');
    }
    if (opened !== null) this.#navigation.show(opened);
    this.follow();
    this.#parts.invalidate();
    if (isLast) this.#parts.controls.quit();
  }
}
