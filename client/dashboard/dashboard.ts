// What keys, the mouse and entered lines do: the state of the dashboard between two pictures. Paints nothing itself.
import type { Clock, Schedule } from '../../core/clock.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { ConversationLabel } from '../chat/events.js';
import type { Chat } from '../chat/port.js';
import { secretStart } from '../commands/line.js';
import { type Offers, offersFor } from './completion.js';
import type { Device } from './device.js';
import { Editor } from './editor/editor.js';
import { InputHistory } from './editor/history.js';
import { KnownFacts } from './facts.js';
import { hintFor, WELCOME } from './hints.js';
import type { Action, Bindings } from './keys/bindings.js';
import type { InputEvent } from './keys/parser.js';
import { linkMenu } from './links.js';
import { Navigation, type Scroll } from './navigation.js';
import { Entrance, type EntranceKind } from './overlay/entrance.js';
import { helpRows } from './overlay/help.js';
import type { Overlay } from './overlay/overlay.js';
import { Pages } from './overlay/pages.js';
import { Past } from './past.js';
import { pastedText, pasteQuestion } from './paste.js';
import { type Flash, type Picture, pictureOf } from './picture.js';
import { Records } from './records.js';
import { Speech } from './speech.js';
import type { Theme } from './theme.js';
import { isWithin } from './view/layout.js';

const FLASH_MS = 8_000;
const HELP_COLUMNS = 92;

export interface DashboardParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly theme: Theme;
  readonly bindings: Bindings;
  /** Something is to be painted. */
  readonly invalidate: () => void;
  readonly device: Device;
}

/** What is done whatever lies on top. */
const ALWAYS: ReadonlySet<Action> = new Set(['quit', 'redraw', 'suspend', 'close', 'toggle-mouse']);

export class Dashboard {
  readonly records: Records;
  readonly #parts: DashboardParts;
  readonly #facts: KnownFacts;
  readonly #navigation: Navigation;
  readonly #editor = new Editor(new InputHistory());
  readonly #speech: Speech;
  readonly #does: Partial<Record<Action, () => void>>;
  #overlay: Overlay | null = null;
  #flash: Flash | null = null;
  #cancelFlash: () => void = () => undefined;
  #offers: Offers | null = null;
  #picture: Picture | null = null;

  constructor(parts: DashboardParts) {
    const { chat, theme, clock, invalidate } = parts;
    this.#parts = parts;
    this.records = new Records(theme, clock, () => chat.username);
    this.#facts = new KnownFacts(chat, invalidate);
    this.#speech = new Speech(chat);
    this.#navigation = new Navigation({
      chat,
      records: this.records,
      editor: this.#editor,
      past: new Past(chat, this.records, invalidate),
      say: (text) => this.flash(text),
      onShown: () => this.#refreshFacts(),
    });
    this.#does = this.#actions();
  }

  compose(columns: number, rows: number): Picture {
    const { chat, clock, theme, bindings, device } = this.#parts;
    const { windows, shown } = this.#navigation;
    const hint = this.#offers?.told ?? hintFor(chat, shown, bindings);
    this.#picture = pictureOf(
      { chat, clock, theme, records: this.records, windows, facts: this.#facts, editor: this.#editor },
      { overlay: this.#overlay, flash: this.#flash, hint, hasMouse: device.hasMouse() },
      columns,
      rows,
    );
    return this.#picture;
  }

  /** Tells in the hint line what has just happened. */
  flash(text: string, kind: Flash['kind'] = 'notification'): void {
    this.#cancelFlash();
    this.#flash = { text, kind };
    this.#cancelFlash = this.#parts.schedule(FLASH_MS, () => {
      this.#flash = null;
      this.#parts.invalidate();
    });
    this.#parts.invalidate();
  }

  /** What there is has changed: windows follow, and titles are asked for anew. */
  follow(): void {
    this.#navigation.follow();
    this.#refreshFacts();
  }

  /** Whether the user looks at it. */
  isLookedAt(label: ConversationLabel): boolean {
    return this.#navigation.shown === label;
  }

  input(event: InputEvent): void {
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

  /** Opens the way in; `says` stands above the fields. */
  enter(kind: EntranceKind, username = '', says = ''): void {
    const { theme, chat, invalidate } = this.#parts;
    this.#overlay = new Entrance({
      theme,
      kind,
      username,
      says,
      onChange: invalidate,
      submit: async (how, name, password) => {
        const outcome = chat.judged(
          await (how === 'register' ? chat.register(name, password) : chat.login(name, password)),
        );
        if (!isSuccess(outcome.status)) return outcome.message;
        this.#overlay = null;
        this.records.outcome(null, outcome);
        this.records.note(null, 'system', WELCOME);
        this.follow();
        return null;
      },
    });
    invalidate();
  }

  #refreshFacts(): void {
    this.#facts.refresh(this.#navigation.windows.all.flatMap(({ shown }) => shown ?? []));
  }

  #type(text: string): void {
    this.#offers = null;
    if (this.#overlay === null) this.#editor.insert(text);
    else this.#overlay.type(text);
  }

  #paste(text: string): void {
    const insert = (chosen: string): void => {
      this.#overlay = null;
      this.#editor.insert(chosen);
    };
    const question = this.#overlay === null ? pasteQuestion(text, this.#parts.theme, insert) : null;
    if (question === null) this.#type(text);
    else this.#overlay = question;
  }

  #press(key: string): void {
    const action = this.#parts.bindings.actionOf(key);
    if (action === undefined) return;
    if (action !== 'complete') this.#offers = null;
    if (this.#overlay !== null && !ALWAYS.has(action)) this.#overlay.act(action);
    else if (!this.#editor.act(action)) this.#does[action]?.();
  }

  /** What is not the line editor's. */
  #actions(): Partial<Record<Action, () => void>> {
    const { chat, device, theme, bindings } = this.#parts;
    const navigation = this.#navigation;
    const scroll = (how: Scroll) => () => navigation.scroll(how, this.#picture?.layout ?? null);
    const ask = (line: string) => () => void this.#speak(line);
    const number = (index: number) => () => navigation.showNumber(index);
    const split = (how: 'beside' | 'stacked') => () => {
      if (!navigation.split(how)) this.flash('Four windows are the most.');
    };
    return {
      enter: () => void this.#enterLine(),
      complete: () => this.#complete(),
      close: () => {
        this.#overlay = null;
      },
      help: () => {
        this.#overlay = new Pages('Help', HELP_COLUMNS, (columns) => helpRows(bindings, columns, theme));
      },
      'open-link': () => this.#chooseLink(),
      members: ask('/members'),
      links: ask('/links'),
      why: ask('/why'),
      'log-in': () => this.enter(chat.username === null ? 'register' : 'login'),
      'next-conversation': () => navigation.step(1),
      'previous-conversation': () => navigation.step(-1),
      'next-unread': () => {
        if (!navigation.showUnread()) this.flash('Nothing is unread.');
      },
      'conversation-1': number(0),
      'conversation-2': number(1),
      'conversation-3': number(2),
      'conversation-4': number(3),
      'conversation-5': number(4),
      'conversation-6': number(5),
      'conversation-7': number(6),
      'conversation-8': number(7),
      'conversation-9': number(8),
      'split-beside': split('beside'),
      'split-below': split('stacked'),
      'close-window': () => navigation.closeWindow(),
      'next-window': () => navigation.activate(navigation.windows.activeIndex + 1),
      'previous-window': () => navigation.activate(navigation.windows.activeIndex - 1),
      'page-up': scroll('page-up'),
      'page-down': scroll('page-down'),
      'scroll-up': scroll('scroll-up'),
      'scroll-down': scroll('scroll-down'),
      newest: scroll('newest'),
      redraw: () => device.redraw(),
      suspend: () => device.suspend(),
      'toggle-mouse': () => device.toggleMouse(),
      quit: () => device.quit(),
    };
  }

  #mouse({ action, x, y }: InputEvent & { kind: 'mouse' }): void {
    const layout = this.#picture?.layout ?? null;
    if (layout === null || this.#overlay !== null) return;
    const window = layout.windows.find(({ place }) => isWithin(place, { x, y }));
    if (action === 'wheel-up' || action === 'wheel-down') {
      const how = action === 'wheel-up' ? 'scroll-up' : 'scroll-down';
      if (window !== undefined) this.#navigation.scroll(how, layout, window.index);
    } else if (action === 'press') {
      const link = this.#parts.device.linkAt(x, y);
      if (link !== null) this.#parts.device.openLink(link);
      else if (window !== undefined) this.#navigation.activate(window.index);
      else if (isWithin(layout.sidebar, { x, y })) this.#pick(y - layout.sidebar.y);
    }
  }

  #pick(row: number): void {
    const target = this.#picture?.sidebar[row]?.target ?? null;
    if (target === null) return;
    if ('conversation' in target) this.#navigation.show(target.conversation);
    else void this.#speak(`/msg ${target.person}`);
  }

  #chooseLink(): void {
    const { theme, device } = this.#parts;
    const open = (url: string): void => {
      this.#overlay = null;
      device.openLink(url);
    };
    this.#overlay = linkMenu(this.records.of(this.#navigation.shown), theme, open);
    if (this.#overlay === null) this.flash('There is no link in this window.');
  }

  #complete(): void {
    const { chat } = this.#parts;
    this.#offers = offersFor(this.#offers, this.#editor.draft, { chat, people: this.#facts.people });
    const { replacement } = this.#offers;
    if (replacement !== null) this.#editor.replace(replacement.count, replacement.text);
  }

  async #enterLine(): Promise<void> {
    const { text } = this.#editor;
    if (text.trim() === '') return;
    const [, kind, name = ''] = /^\s*\/(register|login)(?:\s+(\S+))?\s*$/.exec(text) ?? [];
    this.#editor.take(secretStart(text) === null);
    this.#navigation.forgetDraft();
    if (kind === 'register' || kind === 'login') this.enter(kind, name);
    else await this.#speak(text);
  }

  async #speak(text: string): Promise<void> {
    const { shown } = this.#navigation;
    const { outcomes, opened, isLast } = await this.#speech.speak(text, shown);
    for (const outcome of outcomes) {
      this.records.outcome(opened ?? shown, outcome);
      if (!isSuccess(outcome.status)) this.flash(`!! ${outcome.message} (F4 explains)`, 'error');
    }
    if (opened !== null) this.#navigation.show(opened);
    this.follow();
    this.#parts.invalidate();
    if (isLast) this.#parts.device.quit();
  }
}
