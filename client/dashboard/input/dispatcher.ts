// The dispatch of terminal input to the overlay on top, the completion menu, the line editor, the actions and the mouse.
import type { Chat } from '../../chat/port.js';
import type { Completion } from '../model/completion.js';
import type { Navigation } from '../model/navigation.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Overlays } from '../overlay/overlays.js';
import type { Composer } from '../view/composer.js';
import { leaveHint } from '../view/hints.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import type { Editor } from './editor/editor.js';
import type { Action, Bindings } from './keys/bindings.js';
import type { InputEvent } from '../../../screen/keys/parser.js';
import { handleMouse } from './mouse.js';
import type { Pastes } from './paste.js';
import type { Submit } from './submit.js';

export interface DispatcherParts {
  readonly chat: Pick<Chat, 'active'>;
  readonly bindings: Bindings;
  readonly overlays: Overlays;
  readonly completion: Completion;
  readonly editor: Editor;
  readonly navigation: Navigation;
  readonly pastes: Pastes;
  readonly submit: Submit;
  readonly status: StatusMessages;
  readonly composer: Composer;
  readonly controls: TerminalControls;
  readonly actions: Partial<Record<Action, () => void>>;
  readonly invalidate: () => void;
}

/** Actions that an overlay on top does not receive. */
const GLOBAL: ReadonlySet<Action> = new Set(['quit', 'redraw', 'suspend', 'close', 'toggle-mouse']);

/** The most UTF-16 units that one key may send, for example an emoji of several code points. Longer text is a paste. */
const KEY_LENGTH = 16;

export class InputDispatcher {
  readonly #parts: DispatcherParts;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    parts.overlays.events.on('action', (action) => this.#perform(action));
  }

  handle(event: InputEvent): void {
    const { chat, composer, pastes, completion, navigation, status, invalidate } = this.#parts;
    // A report comes from the terminal, not from the user.
    if (event.kind === 'report') return;
    chat.active();
    if (event.kind !== 'mouse') status.clearProblem();
    switch (event.kind) {
      case 'text':
        this.#type(event.text);
        break;
      case 'line':
        this.#enter(event.text);
        break;
      case 'paste':
        pastes.receive(event);
        completion.update();
        break;
      case 'key':
        this.#press(event.key);
        break;
      case 'mouse':
        if (composer.screen !== null) handleMouse(this.#parts, event, composer.screen);
        break;
    }
    if (event.kind !== 'mouse') navigation.noteTyping();
    invalidate();
  }

  #type(text: string): void {
    const { overlays, editor, completion, pastes } = this.#parts;
    // A terminal that does not mark pastes sends a paste as plain text.
    const isPaste = text.length > KEY_LENGTH && (overlays.top === null || pastes.isAsking);
    if (isPaste) pastes.receive({ kind: 'paste', text, hasEnter: false, isCut: false });
    else if (overlays.top === null) editor.insert(text);
    else overlays.top.type(text);
    completion.update();
  }

  /**
   * Types the text and presses Enter. If the text opens the question about a paste, Enter is not pressed, because it would answer
   * the question.
   */
  #enter(text: string): void {
    const { pastes } = this.#parts;
    if (pastes.isAsking) pastes.receive({ kind: 'paste', text: `${text}\n`, hasEnter: true, isCut: false });
    else {
      this.#type(text);
      if (!pastes.isAsking) this.#press('enter');
    }
  }

  #press(key: string): void {
    const { bindings, status } = this.#parts;
    const action = bindings.actionOf(key);
    if (action !== undefined) this.#perform(action);
    else if (key === 'C-c') status.show(leaveHint(bindings));
  }

  #perform(action: Action): void {
    const { overlays, completion, editor, actions } = this.#parts;
    const { top } = overlays;
    if (top !== null && !GLOBAL.has(action)) top.act(action);
    else if (top === null && completion.act(action)) return;
    else if (editor.act(action)) {
      if (action === 'erase-left') completion.update();
      else completion.close();
    } else {
      if (action !== 'complete') completion.close();
      actions[action]?.();
    }
  }
}
