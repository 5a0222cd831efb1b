// The dashboard without a terminal: creates the parts of the dashboard and connects them. It makes no decisions itself.
import type { Clock, Schedule } from '../../core/time/clock.js';
import type { Chat } from '../chat/port.js';
import { createActions } from './actions.js';
import type { TerminalControls } from '../../screen/terminal/controls.js';
import { InputDispatcher } from './input/dispatcher.js';
import { Editor } from './input/editor/editor.js';
import { InputHistory } from './input/editor/history.js';
import type { Bindings } from './input/keys/bindings.js';
import type { InputEvent } from '../../screen/keys/parser.js';
import { Pastes } from './input/paste.js';
import { Submit } from './input/submit.js';
import { Completion } from './model/completion.js';
import { CurrentUser } from './model/current-user.js';
import { DirectoryCache } from './model/directory-cache.js';
import { LinkMonitor } from './model/link-monitor.js';
import { Navigation } from './model/navigation.js';
import { DashboardOptions } from './model/options.js';
import { Pager } from './model/pager.js';
import { createRefresh } from './model/refresh.js';
import { StatusMessages } from './model/status-message.js';
import { Timelines } from './model/timelines.js';
import { Overlays } from './overlay/overlays.js';
import type { Appearance } from '../../screen/paint/appearance.js';
import type { Characters } from '../../screen/paint/characters.js';
import type { ComposedScreen } from './view/composed-screen.js';
import { Composer } from './view/composer.js';

export interface DashboardParts {
  readonly chat: Chat;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly appearance: Appearance;
  readonly characters: Characters;
  readonly bindings: Bindings;
  readonly controls: TerminalControls;
  /** Repaints for a change that the user is waiting for, such as the effect of a key. */
  readonly invalidate: () => void;
  /** Repaints for a change that the user is not waiting for; several changes share one repaint. */
  readonly invalidateCalmly: () => void;
}

export class Dashboard {
  readonly timelines: Timelines;
  readonly directory: DirectoryCache;
  readonly monitor: LinkMonitor;
  readonly status: StatusMessages;
  readonly navigation: Navigation;
  readonly overlays: Overlays;
  /** Updates windows, titles and lists to the present state of the chat. */
  readonly refresh: () => void;
  readonly #composer: Composer;
  readonly #dispatcher: InputDispatcher;

  constructor(parts: DashboardParts) {
    const { chat, clock, schedule, appearance, characters, bindings, controls } = parts;
    const { invalidate, invalidateCalmly } = parts;
    const { theme } = appearance;
    const timelines = new Timelines(theme, clock, () => chat.username);
    const directory = new DirectoryCache(chat, invalidateCalmly);
    const monitor = new LinkMonitor(chat, schedule, invalidateCalmly);
    const status = new StatusMessages(schedule, invalidateCalmly);
    const currentUser = new CurrentUser();
    const history = new InputHistory();
    const editor = new Editor(history);
    const pager = new Pager(chat, timelines, invalidate);
    const navigation = new Navigation({ chat, timelines, editor, pager, directory, status, schedule });
    const caches = { timelines, navigation, history, directory, monitor };
    const refresh = createRefresh({ chat, currentUser, ...caches });
    const completion = new Completion(editor, () => ({
      people: directory.names,
      rooms: directory.rooms.map(({ name }) => name),
      conversations: chat.conversations,
    }));
    const display = { chat, clock, theme, bindings, controls, timelines, directory, monitor, status };
    const submit = new Submit({ ...display, navigation, refresh, invalidate });
    const writing = { navigation, editor, completion, submit };
    const overlays = new Overlays({ ...display, ...writing, currentUser, refresh, invalidate });
    const pastes = new Pastes({ overlays, editor, status, bindings, theme, clock, invalidate });
    const composer = new Composer({ ...display, ...writing, overlays });
    const options = new DashboardOptions({ appearance, characters, controls, navigation });
    const actions = createActions({ ...display, ...writing, overlays, options, invalidate });
    this.#dispatcher = new InputDispatcher({
      ...display,
      ...writing,
      overlays,
      pastes,
      composer,
      actions,
      invalidate,
    });
    this.#composer = composer;
    this.timelines = timelines;
    this.directory = directory;
    this.monitor = monitor;
    this.status = status;
    this.navigation = navigation;
    this.overlays = overlays;
    this.refresh = refresh;
  }

  compose(columns: number, rows: number): ComposedScreen {
    return this.#composer.compose(columns, rows);
  }

  input(event: InputEvent): void {
    this.#dispatcher.handle(event);
  }
}
