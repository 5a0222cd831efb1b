// What lies on top of the windows: opened here, one at a time, with what choosing in it does. Paints nothing itself.
import type { Clock } from '../../../core/time/clock.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Chat } from '../../chat/port.js';
import { counted } from '../../wording/lists.js';
import type { TerminalControls } from '../terminal/controls.js';
import type { DirectoryCache } from '../model/directory-cache.js';
import { FIRST_WORDS } from '../view/hints.js';
import type { Action, Bindings } from '../input/keys/bindings.js';
import { linkMenu } from './links.js';
import { LoginForm, type LoginFormKind } from './login-form.js';
import { type SearchResult, searchResultsIn, searchResultPieces } from './search-results.js';
import { type HelpTopic, helpRows } from './help.js';
import { memberItems } from './members.js';
import { MONITOR_COLUMNS, monitorRows } from './monitor.js';
import type { Overlay } from './overlay.js';
import { ScrollView } from './scroll-view.js';
import { paletteItems } from './palette.js';
import { Picker } from './picker.js';
import { pasteQuestion } from '../input/paste.js';
import type { Timelines, Shown } from '../model/timelines.js';
import type { Theme } from '../paint/theme.js';
import type { LinkMonitor } from '../model/link-monitor.js';

const HELP_COLUMNS = 92;
const LIST_COLUMNS = 92;

export interface OverlaysParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly controls: TerminalControls;
  readonly directory: DirectoryCache;
  readonly monitor: LinkMonitor;
  readonly timelines: Timelines;
  readonly shown: () => Shown;
  readonly show: (shown: Shown) => void;
  /** Shows a message where it was said. */
  readonly jump: (results: SearchResult) => void;
  /** Carries a line out, as if it had been entered. */
  readonly submit: (line: string) => void;
  /** Puts the beginning of a line where one types. */
  readonly beginLine: (line: string) => void;
  readonly perform: (action: Action) => void;
  readonly onEntered: () => void;
  readonly flash: (text: string) => void;
  readonly invalidate: () => void;
}

export class Overlays {
  readonly #parts: OverlaysParts;
  #top: Overlay | null = null;
  #results: readonly SearchResult[] = [];
  /** Counts searches: an answer that comes late answers nothing. */
  #searchCount = 0;
  #isSearching = false;

  constructor(parts: OverlaysParts) {
    this.#parts = parts;
  }

  get top(): Overlay | null {
    return this.#top;
  }

  close(): void {
    this.#top = null;
  }

  /** Shows what an entered line asks for, if that has a view of its own here; else false. */
  carryOut(line: string): boolean {
    const [, kind, word = ''] = /^\s*\/(register|login|links|help)(?:\s+(\S+))?\s*$/.exec(line) ?? [];
    if (kind === 'register' || kind === 'login') this.openLoginForm(kind, word, '');
    else if (kind === 'links' && word === '') this.openLinkMonitor();
    else if (kind === 'help' && word === '') this.openHelp('commands');
    else if (kind === 'help' && word === 'keys') this.openHelp();
    else return false;
    return true;
  }

  /** All of it; `first` is at the top. */
  openHelp(first: HelpTopic = 'keys'): void {
    const { bindings, theme } = this.#parts;
    this.#top = new ScrollView('Help', HELP_COLUMNS, (columns) => helpRows(bindings, columns, theme, first));
  }

  /** The links as they are; they change while one looks. */
  openLinkMonitor(): void {
    const { monitor, theme } = this.#parts;
    monitor.refresh(false);
    this.#top = new ScrollView('Links', MONITOR_COLUMNS, (columns) =>
      monitorRows(monitor.links, monitor.brokerMs, columns, theme),
    );
  }

  /** Of the room that is shown. */
  openMembers(): void {
    const { theme, directory, monitor, chat, shown, submit, flash } = this.#parts;
    const label = shown();
    if (label?.startsWith('#') !== true) {
      flash('This window shows no room; only a room has members.');
      return;
    }
    const room = () => directory.of(label);
    this.#top = new Picker({
      title: () => `${label}: ${counted(room()?.members.length ?? 0, 'member')}`,
      theme,
      columns: LIST_COLUMNS,
      field: null,
      message: () => (room() === undefined ? 'Not known yet.' : (room()?.topic ?? '')),
      effect: 'writes to them',
      items: () =>
        memberItems({
          room: room(),
          username: chat.username,
          bestLinkTo: (username) => monitor.bestLinkTo(username),
          choose: (username) =>
            this.#done(() => (username === chat.username ? undefined : submit(`/msg ${username}`))),
          theme,
        }),
    });
  }

  /** In what was said, in all conversations. */
  openSearch(): void {
    const { theme, clock, jump } = this.#parts;
    this.#results = [];
    this.#top = new Picker({
      title: () => 'Search what was said',
      theme,
      columns: LIST_COLUMNS,
      field: 'Words  ',
      onQuery: (query) => void this.#openSearch(wordsOf(query)),
      message: (query, count) => {
        if (query.trim() === '') return 'In all your conversations; the latest comes first.';
        if (count > 0) return '';
        return this.#isSearching ? 'Looking…' : 'Nothing was found.';
      },
      effect: 'goes there',
      items: (query) =>
        this.#results.map((results) => ({
          left: searchResultPieces(results, wordsOf(query), clock.now(), theme),
          right: '',
          choose: () => this.#done(() => jump(results)),
        })),
    });
  }

  openPalette(): void {
    const { theme, bindings, chat, directory, show, perform, submit, beginLine } = this.#parts;
    this.#top = new Picker({
      title: () => 'What to do?',
      theme,
      columns: LIST_COLUMNS,
      field: '> ',
      message: (_query, count) => (count === 0 ? 'Nothing is called so.' : ''),
      effect: 'does it',
      items: (query) =>
        paletteItems(query, {
          theme,
          bindings,
          conversations: chat.conversations,
          rooms: directory.rooms.filter(({ joined }) => !joined).map(({ name }) => name),
          people: directory.names,
          show: (label) => this.#done(() => show(label)),
          perform: (action) => this.#done(() => perform(action)),
          submit: (line) => this.#done(() => submit(line)),
          beginLine: (line) => this.#done(() => beginLine(line)),
        }),
    });
  }

  /** To choose one of the links in the window. */
  openLinkMenu(): void {
    const { timelines, shown, theme, controls, flash } = this.#parts;
    const menu = linkMenu(timelines.of(shown()), theme, (url) => this.#done(() => controls.openLink(url)));
    if (menu === null) flash('There is no link in this window.');
    else this.#top = menu;
  }

  /** Asks about a long paste; false when there is nothing to ask. */
  askAboutPaste(text: string, insert: (chosen: string) => void): boolean {
    const question = pasteQuestion(text, this.#parts.theme, (chosen) => this.#done(() => insert(chosen)));
    if (question !== null) this.#top = question;
    return question !== null;
  }

  /** The way in, unless one is on it already: what it has been told stays. @param isNew whether nobody was here before */
  openWelcome(isNew: boolean): void {
    if (this.#top instanceof LoginForm) return;
    if (isNew) this.openLoginForm('register', '', FIRST_WORDS);
    else this.openLoginForm('login', '', this.#parts.chat.session.reason);
  }

  /** The way in; `says` stands above the fields. */
  openLoginForm(kind: LoginFormKind, username: string, message: string): void {
    const { theme, chat, timelines, invalidate, onEntered } = this.#parts;
    const openLoginForm = new LoginForm({
      theme,
      kind,
      username,
      message,
      onChange: invalidate,
      submit: async (how, name, password) => {
        const outcome = chat.judged(
          await (how === 'register' ? chat.register(name, password) : chat.login(name, password)),
        );
        if (isSuccess(outcome.status)) {
          if (this.#top === openLoginForm) this.close();
          timelines.outcome(null, outcome);
          onEntered();
        }
        return outcome;
      },
    });
    this.#top = openLoginForm;
    invalidate();
  }

  /** It has served its purpose. */
  #done(act: () => void): void {
    this.close();
    act();
  }

  async #openSearch(words: readonly string[]): Promise<void> {
    const { chat, invalidate } = this.#parts;
    this.#searchCount += 1;
    const openSearch = this.#searchCount;
    this.#isSearching = true;
    const isAnything = words.some((word) => /[\p{L}\p{N}]/u.test(word));
    const results = isAnything ? searchResultsIn((await chat.search(words)).data) : [];
    if (openSearch !== this.#searchCount) return;
    [this.#results, this.#isSearching] = [results, false];
    invalidate();
  }
}

function wordsOf(query: string): readonly string[] {
  return query.split(/\s+/).filter((word) => word !== '');
}
