// The overlay on top of the windows: opens overlays and carries out the choices made in them. At most one overlay is open. An
// action chosen in the palette is emitted as an event.
import { EventEmitter } from 'node:events';
import type { Clock } from '../../../core/time/clock.js';
import type { Chat } from '../../chat/port.js';
import type { Command } from '../../commands/definition.js';
import { askOnline } from '../../commands/online.js';
import { reply } from '../../commands/reply.js';
import { counted } from '../../wording/lists.js';
import { plainTopic } from '../../wording/topic.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import type { Editor } from '../input/editor/editor.js';
import type { Action, Bindings } from '../input/keys/bindings.js';
import { keyOf } from '../input/keys/legend.js';
import { openLink } from '../input/open-link.js';
import type { Submit } from '../input/submit.js';
import type { CurrentUser } from '../model/current-user.js';
import type { DirectoryCache } from '../model/directory-cache.js';
import type { LinkMonitor } from '../model/link-monitor.js';
import type { Navigation } from '../model/navigation.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Timelines } from '../model/timelines.js';
import type { Theme } from '../../../screen/paint/theme.js';
import { FIRST_STEPS, WELCOME } from '../view/hints.js';
import { type HelpTopic, helpRows } from './help.js';
import { linkMenu } from './links.js';
import { LoginForm, type LoginFormKind } from './login-form.js';
import { memberItems } from './members.js';
import { MessageSearch } from './message-search.js';
import { MONITOR_COLUMNS, monitorRows } from './monitor.js';
import type { Overlay } from './overlay.js';
import { paletteItems } from './palette.js';
import { Picker } from './picker.js';
import { ScrollView } from './scroll-view.js';
import { searchResultPieces } from './search-results.js';

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
  readonly navigation: Navigation;
  readonly editor: Editor;
  readonly submit: Submit;
  readonly status: StatusMessages;
  readonly currentUser: CurrentUser;
  readonly refresh: () => void;
  readonly invalidate: () => void;
}

export class Overlays {
  /** `action`: the user chose a key action in the palette. */
  readonly events = new EventEmitter<{ action: [Action] }>();
  readonly #parts: OverlaysParts;
  #top: Overlay | null = null;
  /** Whether the login form waits until the open overlay is closed. */
  #isWelcomeDue = false;

  constructor(parts: OverlaysParts) {
    this.#parts = parts;
  }

  /** The open overlay; null if no overlay is open. */
  get top(): Overlay | null {
    return this.#top;
  }

  open(overlay: Overlay): void {
    this.#top = overlay;
  }

  close(): void {
    this.#top = null;
    if (!this.#isWelcomeDue) return;
    this.#isWelcomeDue = false;
    const { chat } = this.#parts;
    if (chat.username === null && chat.session.state === 'guest') this.openWelcome();
  }

  /** Opens the overlay for an entered command that has one. False for any other line. */
  openFor(line: string): boolean {
    const [, name, word = ''] = /^\s*\/(register|login|links|help|\?)(?:\s+(\S+))?\s*$/.exec(line) ?? [];
    return this.#openView(name === '?' ? 'help' : name, word);
  }

  /** @param first the topic that is shown at the top */
  openHelp(first: HelpTopic): void {
    const { bindings, theme } = this.#parts;
    this.#top = new ScrollView('Help', HELP_COLUMNS, (columns) => helpRows(bindings, columns, theme, first));
  }

  /** Opens the list of links, which is updated while it is open. */
  openLinkMonitor(): void {
    const { monitor, theme } = this.#parts;
    monitor.refresh();
    this.#top = new ScrollView('Links', MONITOR_COLUMNS, (columns) =>
      monitorRows(monitor.links, monitor.brokerMs, columns, theme),
    );
  }

  /** Opens the members of the room in the active window. */
  openMembers(): void {
    const { theme, directory, monitor, chat, navigation, status } = this.#parts;
    const label = navigation.shown;
    if (label?.startsWith('#') !== true) {
      status.show('This window shows no room. Only rooms have members.');
      return;
    }
    const room = () => directory.room(label);
    this.#top = new Picker({
      title: () => `${label}: ${counted(room()?.members.length ?? 0, 'member')}`,
      theme,
      columns: LIST_COLUMNS,
      field: null,
      message: () => (room() === undefined ? 'Loading…' : plainTopic(room()?.topic ?? '')),
      effect: 'write to them',
      items: () =>
        memberItems({
          room: room(),
          username: chat.username,
          bestLinkTo: (username) => monitor.bestLinkTo(username),
          choose: (username) => {
            this.close();
            if (username !== chat.username) this.#startPrivate(username);
          },
          theme,
        }),
    });
  }

  /** Opens the search in the messages of all conversations. */
  openSearch(): void {
    const { theme, clock, chat, invalidate } = this.#parts;
    const search = new MessageSearch(chat, invalidate);
    this.#top = new Picker({
      title: () => 'Search messages',
      theme,
      columns: LIST_COLUMNS,
      field: 'Words  ',
      onQuery: (query) => void search.run(wordsOf(query)),
      message: (query, count) => {
        if (query.trim() === '') return 'Searches all your conversations. The latest messages come first.';
        if (count > 0) return '';
        return search.isRunning ? 'Searching…' : 'No match.';
      },
      effect: 'go to the message',
      items: (query) =>
        search.results.map((result) => ({
          left: searchResultPieces(result, wordsOf(query), clock.now(), theme),
          right: '',
          choose: () => {
            this.close();
            void this.#jump(result.conversation, result.id);
          },
        })),
    });
  }

  openPalette(): void {
    const { theme, bindings, chat, directory, navigation, submit } = this.#parts;
    const closing =
      <A extends readonly unknown[]>(act: (...args: A) => void) =>
      (...args: A): void => {
        this.close();
        act(...args);
      };
    this.#top = new Picker({
      title: () => 'Commands',
      theme,
      columns: LIST_COLUMNS,
      field: '> ',
      message: (_query, count) => (count === 0 ? 'No match.' : ''),
      effect: 'run',
      items: (query) =>
        paletteItems(query, {
          theme,
          bindings,
          conversations: chat.conversations,
          rooms: directory.rooms.filter(({ isJoined }) => !isJoined).map(({ name }) => name),
          people: directory.names,
          show: closing((label) => navigation.show(label)),
          startPrivate: closing((username) => this.#startPrivate(username)),
          join: closing(
            (room) => void submit.command((asked) => askOnline(asked, 'opened', () => asked.join(room))),
          ),
          perform: closing((action) => void this.events.emit('action', action)),
          run: closing((command) => this.#run(command)),
          begin: closing((command) => this.#begin(command)),
        }),
    });
  }

  /** Opens a menu of the links in the active window. */
  openLinkMenu(): void {
    const { timelines, navigation, theme, controls, status } = this.#parts;
    const menu = linkMenu(timelines.of(navigation.shown), theme, (url) => {
      this.close();
      void openLink(url, controls, status);
    });
    if (menu === null) status.show('There is no link in this window.');
    else this.#top = menu;
  }

  /**
   * Opens the login form for a user who is not logged in. A form that is already open stays as it is. If another overlay is open,
   * such as a question about a paste, the form opens after that overlay is closed. Otherwise the form would receive text that the
   * user types for the other overlay.
   */
  openWelcome(): void {
    const { chat, currentUser } = this.#parts;
    if (this.#top instanceof LoginForm) return;
    if (this.#top !== null) {
      this.#isWelcomeDue = true;
      return;
    }
    if (currentUser.wasEverLoggedIn) this.openLoginForm('login', '', chat.session.reason);
    else this.openLoginForm('register', '', FIRST_STEPS);
  }

  /** @param message shown above the fields; may be empty */
  openLoginForm(kind: LoginFormKind, username: string, message: string): void {
    const { theme, chat, timelines, refresh, invalidate } = this.#parts;
    const form = new LoginForm({
      theme,
      kind,
      username,
      message,
      onChange: invalidate,
      submit: async (chosen, name, password) => {
        const outcome = await (chosen === 'register'
          ? chat.register(name, password)
          : chat.login(name, password));
        chat.noteOutcome(outcome);
        if (outcome.isOk) {
          if (this.#top === form) this.close();
          timelines.addReply(null, reply('loggedIn', outcome));
          timelines.addText(null, 'system', WELCOME);
          refresh();
        }
        return outcome;
      },
    });
    this.#top = form;
    invalidate();
  }

  /**
   * Opens the overlay of a command. False if the command with this argument has no overlay.
   * @param name the command, without its slash
   * @param word its first argument; empty for a command without arguments
   */
  #openView(name: string | undefined, word: string): boolean {
    if (name === 'register' || name === 'login') this.openLoginForm(name, word, '');
    else if (name === 'links' && word === '') this.openLinkMonitor();
    else if (name === 'help' && word === '') this.openHelp('commands');
    else if (name === 'help' && word === 'keys') this.openHelp('keys');
    else return false;
    return true;
  }

  #startPrivate(username: string): void {
    void this.#parts.submit.startPrivate(username);
  }

  async #jump(...[conversation, id]: Parameters<Navigation['jump']>): Promise<void> {
    const { navigation, status, invalidate } = this.#parts;
    const isShown = await navigation.jump(conversation, id);
    if (!isShown)
      status.show('That message is too old to be shown in a window. /export writes all messages to a file.');
    invalidate();
  }

  /** Runs a command without arguments. */
  #run(command: Command): void {
    if (this.#openView(command.name, '')) return;
    const prepared = command.prepare('');
    if ('act' in prepared) void this.#parts.submit.command(prepared.act, command.isLast === true);
  }

  /** Replaces the input line with the beginning of a command. Undo restores the previous text. */
  #begin({ name }: Command): void {
    const { editor, bindings, status } = this.#parts;
    const hasText = editor.text !== '';
    editor.become(`/${name} `);
    const undo = keyOf('undo', bindings);
    if (hasText && undo !== null) status.show(`${undo} restores the text you were writing.`);
  }
}

function wordsOf(query: string): readonly string[] {
  return query.split(/\s+/).filter((word) => word !== '');
}
