// What lies on top of the windows: opened here, one at a time, with what choosing in it does. Paints nothing itself.
import type { Clock } from '../../../core/time/clock.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Chat } from '../../chat/port.js';
import { counted } from '../../wording/lists.js';
import type { Device } from '../terminal/device.js';
import type { KnownFacts } from '../model/directory-cache.js';
import { FIRST_WORDS } from '../view/hints.js';
import type { Action, Bindings } from '../input/keys/bindings.js';
import { linkMenu } from './links.js';
import { Entrance, type EntranceKind } from './entrance.js';
import { type Found, foundIn, foundPieces } from './found.js';
import { type HelpTopic, helpRows } from './help.js';
import { memberItems } from './members.js';
import { MONITOR_COLUMNS, monitorRows } from './monitor.js';
import type { Overlay } from './overlay.js';
import { Pages } from './pages.js';
import { paletteItems } from './palette.js';
import { Picker } from './picker.js';
import { pasteQuestion } from '../input/paste.js';
import type { Records, Shown } from '../model/timelines.js';
import type { Theme } from '../paint/theme.js';
import type { LinkWatch } from '../model/link-monitor.js';

const HELP_COLUMNS = 92;
const LIST_COLUMNS = 92;

export interface LayersParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly theme: Theme;
  readonly bindings: Bindings;
  readonly device: Device;
  readonly facts: KnownFacts;
  readonly watch: LinkWatch;
  readonly records: Records;
  readonly shown: () => Shown;
  readonly show: (shown: Shown) => void;
  /** Shows a message where it was said. */
  readonly jump: (found: Found) => void;
  /** Carries a line out, as if it had been entered. */
  readonly enter: (line: string) => void;
  /** Puts the beginning of a line where one types. */
  readonly begin: (line: string) => void;
  readonly perform: (action: Action) => void;
  readonly onEntered: () => void;
  readonly flash: (text: string) => void;
  readonly invalidate: () => void;
}

export class Layers {
  readonly #parts: LayersParts;
  #top: Overlay | null = null;
  #found: readonly Found[] = [];
  /** Counts searches: an answer that comes late answers nothing. */
  #searches = 0;
  #isSearching = false;

  constructor(parts: LayersParts) {
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
    if (kind === 'register' || kind === 'login') this.entrance(kind, word, '');
    else if (kind === 'links' && word === '') this.monitor();
    else if (kind === 'help' && word === '') this.help('commands');
    else if (kind === 'help' && word === 'keys') this.help();
    else return false;
    return true;
  }

  /** All of it; `first` is at the top. */
  help(first: HelpTopic = 'keys'): void {
    const { bindings, theme } = this.#parts;
    this.#top = new Pages('Help', HELP_COLUMNS, (columns) => helpRows(bindings, columns, theme, first));
  }

  /** The links as they are; they change while one looks. */
  monitor(): void {
    const { watch, theme } = this.#parts;
    watch.look(false);
    this.#top = new Pages('Links', MONITOR_COLUMNS, (columns) =>
      monitorRows(watch.links, watch.brokerMs, columns, theme),
    );
  }

  /** Of the room that is shown. */
  members(): void {
    const { theme, facts, watch, chat, shown, enter, flash } = this.#parts;
    const label = shown();
    if (label?.startsWith('#') !== true) {
      flash('This window shows no room; only a room has members.');
      return;
    }
    const room = () => facts.of(label);
    this.#top = new Picker({
      title: () => `${label}: ${counted(room()?.members.length ?? 0, 'member')}`,
      theme,
      columns: LIST_COLUMNS,
      field: null,
      says: () => (room() === undefined ? 'Not known yet.' : (room()?.topic ?? '')),
      does: 'writes to them',
      items: () =>
        memberItems({
          room: room(),
          username: chat.username,
          wayTo: (username) => watch.wayTo(username),
          choose: (username) =>
            this.#done(() => (username === chat.username ? undefined : enter(`/msg ${username}`))),
          theme,
        }),
    });
  }

  /** In what was said, in all conversations. */
  search(): void {
    const { theme, clock, jump } = this.#parts;
    this.#found = [];
    this.#top = new Picker({
      title: () => 'Search what was said',
      theme,
      columns: LIST_COLUMNS,
      field: 'Words  ',
      onQuery: (query) => void this.#search(wordsOf(query)),
      says: (query, count) => {
        if (query.trim() === '') return 'In all your conversations; the latest comes first.';
        if (count > 0) return '';
        return this.#isSearching ? 'Looking…' : 'Nothing was found.';
      },
      does: 'goes there',
      items: (query) =>
        this.#found.map((found) => ({
          left: foundPieces(found, wordsOf(query), clock.now(), theme),
          right: '',
          choose: () => this.#done(() => jump(found)),
        })),
    });
  }

  palette(): void {
    const { theme, bindings, chat, facts, show, perform, enter, begin } = this.#parts;
    this.#top = new Picker({
      title: () => 'What to do?',
      theme,
      columns: LIST_COLUMNS,
      field: '> ',
      says: (_query, count) => (count === 0 ? 'Nothing is called so.' : ''),
      does: 'does it',
      items: (query) =>
        paletteItems(query, {
          theme,
          bindings,
          conversations: chat.conversations,
          rooms: facts.rooms.filter(({ joined }) => !joined).map(({ name }) => name),
          people: facts.names,
          show: (label) => this.#done(() => show(label)),
          perform: (action) => this.#done(() => perform(action)),
          enter: (line) => this.#done(() => enter(line)),
          begin: (line) => this.#done(() => begin(line)),
        }),
    });
  }

  /** To choose one of the links in the window. */
  openLink(): void {
    const { records, shown, theme, device, flash } = this.#parts;
    const menu = linkMenu(records.of(shown()), theme, (url) => this.#done(() => device.openLink(url)));
    if (menu === null) flash('There is no link in this window.');
    else this.#top = menu;
  }

  /** Asks about a long paste; false when there is nothing to ask. */
  paste(text: string, insert: (chosen: string) => void): boolean {
    const question = pasteQuestion(text, this.#parts.theme, (chosen) => this.#done(() => insert(chosen)));
    if (question !== null) this.#top = question;
    return question !== null;
  }

  /** The way in, unless one is on it already: what it has been told stays. @param isNew whether nobody was here before */
  welcome(isNew: boolean): void {
    if (this.#top instanceof Entrance) return;
    if (isNew) this.entrance('register', '', FIRST_WORDS);
    else this.entrance('login', '', this.#parts.chat.session.reason);
  }

  /** The way in; `says` stands above the fields. */
  entrance(kind: EntranceKind, username: string, says: string): void {
    const { theme, chat, records, invalidate, onEntered } = this.#parts;
    const entrance = new Entrance({
      theme,
      kind,
      username,
      says,
      onChange: invalidate,
      submit: async (how, name, password) => {
        const outcome = chat.judged(
          await (how === 'register' ? chat.register(name, password) : chat.login(name, password)),
        );
        if (isSuccess(outcome.status)) {
          if (this.#top === entrance) this.close();
          records.outcome(null, outcome);
          onEntered();
        }
        return outcome;
      },
    });
    this.#top = entrance;
    invalidate();
  }

  /** It has served its purpose. */
  #done(act: () => void): void {
    this.close();
    act();
  }

  async #search(words: readonly string[]): Promise<void> {
    const { chat, invalidate } = this.#parts;
    this.#searches += 1;
    const search = this.#searches;
    this.#isSearching = true;
    const isAnything = words.some((word) => /[\p{L}\p{N}]/u.test(word));
    const found = isAnything ? foundIn((await chat.search(words)).data) : [];
    if (search !== this.#searches) return;
    [this.#found, this.#isSearching] = [found, false];
    invalidate();
  }
}

function wordsOf(query: string): readonly string[] {
  return query.split(/\s+/).filter((word) => word !== '');
}
