// The submission of entered lines and chosen actions, and the display of their outcomes. Messages are sent at once; commands
// run one after the other.
import { type Refusal, refusal } from '../../chat/outcome.js';
import type { Chat } from '../../chat/port.js';
import type { Act } from '../../commands/definition.js';
import { execute, perform } from '../../commands/execute.js';
import type { Line } from '../../commands/line.js';
import { askOnline } from '../../commands/online.js';
import { type Reply, reply } from '../../commands/reply.js';
import type { Navigation } from '../model/navigation.js';
import type { Window } from '../model/windows.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Shown, Timelines } from '../model/timelines.js';
import { explainHint, NOT_YET } from '../view/hints.js';
import type { TerminalControls } from '../../../screen/terminal/controls.js';
import type { Bindings } from './keys/bindings.js';

export interface SubmitParts {
  readonly chat: Chat;
  readonly bindings: Bindings;
  readonly controls: Pick<TerminalControls, 'quit'>;
  readonly timelines: Timelines;
  readonly navigation: Navigation;
  readonly status: StatusMessages;
  readonly refresh: () => void;
  readonly invalidate: () => void;
}

const NO_CONVERSATION = refusal(
  4,
  'INVALID_COMMAND',
  'This window shows no conversation. /create ROOM creates a room, /join ROOM enters one, /msg USER opens a private conversation.',
);

export class Submit {
  readonly #parts: SubmitParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: SubmitParts) {
    this.#parts = parts;
  }

  /** Submits a line that was entered in the active window. Resolves with the refusal of a message, which is not shown yet. */
  async line(line: Line): Promise<Refusal | null> {
    const { navigation, controls } = this.#parts;
    const { shown } = navigation;
    if (line.kind === 'message') return this.#send(shown, line.text);
    const isCommand = line.kind === 'command';
    await this.#enqueue(shown, isCommand, (chat) => execute(chat, line));
    if (isCommand && line.isLast) controls.quit();
    return null;
  }

  /** Shows the refusal of a message in the window in which the message was entered. */
  showRefusal(shown: Shown, refused: Refusal): void {
    this.#show(shown, reply('message', refused));
  }

  /** Runs a command that was chosen in the active window. @param isLast whether the dashboard ends after it */
  async command(act: Act, isLast = false): Promise<void> {
    const { navigation, controls } = this.#parts;
    const { shown } = navigation;
    await this.#enqueue(shown, true, (chat) => perform(chat, act));
    if (isLast) controls.quit();
  }

  /** Opens the private conversation with a person. */
  startPrivate(username: string): Promise<void> {
    return this.command((chat) => askOnline(chat, 'private', () => chat.startPrivate(username)));
  }

  async #send(shown: Shown, text: string): Promise<Refusal | null> {
    const { chat, status } = this.#parts;
    if (shown === null) {
      chat.noteOutcome(NO_CONVERSATION);
      return NO_CONVERSATION;
    }
    const endWaiting = status.showIfSlow(NOT_YET);
    const say = perform(chat, async () => [reply('message', await chat.say(shown, text))]);
    for await (const one of say) {
      endWaiting();
      if (!one.outcome.isOk) return one.outcome;
      this.#show(shown, one);
    }
    return null;
  }

  /**
   * Runs the work after all work that was enqueued before.
   * @param isInWindow whether the work refers to the conversation of the window
   */
  #enqueue(shown: Shown, isInWindow: boolean, work: (chat: Chat) => AsyncIterable<Reply>): Promise<void> {
    const { navigation, status } = this.#parts;
    const endWaiting = status.showIfSlow(NOT_YET);
    const window = navigation.windows.active;
    const result = this.#last.then(() => this.#carryOut(shown, window, isInWindow, work, endWaiting));
    // The caller gets a failure of this work. Later work in the queue still runs.
    this.#last = result.then(nothing, nothing);
    return result;
  }

  /**
   * Runs the work and shows each reply before the work continues. If a reply comes after the work opened another conversation,
   * the reply is shown in this other conversation.
   */
  async #carryOut(
    shown: Shown,
    entered: Window,
    isInWindow: boolean,
    work: (chat: Chat) => AsyncIterable<Reply>,
    endWaiting: () => void,
  ): Promise<void> {
    const { chat, navigation } = this.#parts;
    try {
      if (isInWindow && shown !== null && chat.current !== shown) await chat.open(shown);
      let before = chat.current;
      let label = shown;
      for await (const one of work(chat)) {
        endWaiting();
        const opened = chat.current === before ? null : chat.current;
        const from = label;
        label = opened ?? label;
        this.#show(label, one, () => {
          if (opened !== null) navigation.showOpened(opened, from, entered);
        });
        before = chat.current;
      }
    } finally {
      endWaiting();
    }
  }

  /** @param open shows the conversation that the work opened; called after the reply was added to this conversation */
  #show(shown: Shown, one: Reply, open: () => void = nothing): void {
    const { bindings, timelines, status, refresh, invalidate } = this.#parts;
    timelines.addReply(shown, one);
    const { isOk, message } = one.outcome;
    if (!isOk) status.show(`!! ${message}${explainHint(bindings)}`, 'error');
    open();
    refresh();
    invalidate();
  }
}

const nothing = (): void => undefined;
