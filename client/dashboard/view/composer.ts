// The composition of the screen from the present state of all parts. It keeps the screen that was composed last, because mouse
// events refer to it.
import { legendText } from '../input/keys/legend.js';
import { type Completion, MENU_LEGENDS } from '../model/completion.js';
import type { Navigation } from '../model/navigation.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Overlays } from '../overlay/overlays.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import { type ComposedScreen, type ComposeParts, composeScreen } from './composed-screen.js';
import { hintFor } from './hints.js';

export interface ComposerParts extends Omit<ComposeParts, 'windows'> {
  readonly navigation: Navigation;
  readonly completion: Completion;
  readonly overlays: Overlays;
  readonly status: StatusMessages;
  readonly controls: Pick<TerminalControls, 'hasMouse'>;
}

export class Composer {
  readonly #parts: ComposerParts;
  #screen: ComposedScreen | null = null;

  constructor(parts: ComposerParts) {
    this.#parts = parts;
  }

  /** The screen that was composed last; null before the first one. */
  get screen(): ComposedScreen | null {
    return this.#screen;
  }

  compose(columns: number, rows: number): ComposedScreen {
    const { chat, bindings, navigation, completion, overlays, status, controls } = this.#parts;
    const { windows, shown } = navigation;
    const { suggestions } = completion;
    const hint = suggestions === null ? hintFor(chat, shown, bindings) : legendText(MENU_LEGENDS, bindings);
    const state = {
      overlay: overlays.top,
      suggestions,
      statusMessage: status.current,
      problem: status.problem,
      hint,
      hasMouse: controls.hasMouse(),
      hasMembers: navigation.hasMembers,
    };
    const screen = composeScreen({ ...this.#parts, windows }, state, columns, rows);
    this.#screen = screen;
    navigation.layout = screen.layout;
    return screen;
  }
}
