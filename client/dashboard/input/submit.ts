// The submission of entered lines and chosen actions, and the display of their outcomes. Messages are sent at once; commands
// run one after the other.
import { isSuccess } from '../../../core/protocol/status.js';
import type { Outcome } from '../../chat/events.js';
import { outcome } from '../../chat/outcome.js';
import type { Chat } from '../../chat/port.js';
import type { Act } from '../../commands/definition.js';
import { execute, perform } from '../../commands/execute.js';
import { parseLine } from '../../commands/line.js';
import { offlineRefusal } from '../../commands/online.js';
import type { Navigation } from '../model/navigation.js';
import type { StatusMessages } from '../model/status-message.js';
import type { Shown, Timelines } from '../model/timelines.js';
import { explainHint, NOT_YET } from '../view/hints.js';
import type { TerminalControls } from './controls.js';
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

interface Result {
  readonly outcomes: readonly Outcome[];
  /** The conversation that the work opened; null when it opened none. */
  readonly opened: Shown;
}

const NO_CONVERSATION = outcome(4, 'INVALID_COMMAND', {
  message:
    'This window shows no conversation. /create ROOM creates a room, /join ROOM enters one, /msg USER opens a private conversation.',
});

export class Submit {
  readonly #parts: SubmitParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: SubmitParts) {
    this.#parts = parts;
  }

  /** Submits a line that was entered in the active window. */
  async line(text: string): Promise<void> {
    const { navigation, controls } = this.#parts;
    const { shown } = navigation;
    const line = parseLine(text);
    if (line.kind === 'message') return this.#present(shown, this.#send(shown, line.text));
    const isCommand = line.kind === 'command';
    await this.#present(
      shown,
      this.#enqueue(() => this.#carryOut(shown, isCommand, (chat) => execute(chat, line))),
    );
    if (isCommand && line.isLast) controls.quit();
  }

  /** Runs a command that was chosen in the active window. @param isLast whether the dashboard ends after it */
  async command(act: Act, isLast = false): Promise<void> {
    const { navigation, controls } = this.#parts;
    const { shown } = navigation;
    const work = this.#enqueue(() => this.#carryOut(shown, true, (chat) => perform(chat, act)));
    await this.#present(shown, work);
    if (isLast) controls.quit();
  }

  /** Runs an action of the chat that needs no session. */
  run(action: (chat: Chat) => Promise<Outcome>): Promise<void> {
    return this.command(async (chat) => [await action(chat)]);
  }

  /** Runs an action of the chat once the session is online. */
  runOnline(action: (chat: Chat) => Promise<Outcome>): Promise<void> {
    return this.command(async (chat) => [(await offlineRefusal(chat)) ?? (await action(chat))]);
  }

  async #send(shown: Shown, text: string): Promise<Result> {
    const { chat } = this.#parts;
    if (shown === null) return { outcomes: [chat.judged(NO_CONVERSATION)], opened: null };
    const outcomes = await perform(chat, async () => [await chat.say(shown, text)]);
    return { outcomes, opened: null };
  }

  /** @param isInWindow whether the work refers to the conversation of the window */
  async #carryOut(
    shown: Shown,
    isInWindow: boolean,
    work: (chat: Chat) => Promise<readonly Outcome[]>,
  ): Promise<Result> {
    const { chat } = this.#parts;
    if (isInWindow && shown !== null && chat.current !== shown) await chat.open(shown);
    const before = chat.current;
    const outcomes = await work(chat);
    const { current } = chat;
    return { outcomes, opened: current === before ? null : current };
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // The caller handles a failure; work behind it in the queue still runs.
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #present(shown: Shown, work: Promise<Result>): Promise<void> {
    const { bindings, timelines, navigation, status, refresh, invalidate } = this.#parts;
    const endWaiting = status.showIfSlow(NOT_YET);
    const { outcomes, opened } = await work;
    endWaiting();
    for (const one of outcomes) {
      timelines.addOutcome(opened ?? shown, one);
      if (!isSuccess(one.status)) status.show(`!! ${one.message}${explainHint(bindings)}`, 'error');
    }
    if (opened !== null) navigation.show(opened);
    refresh();
    invalidate();
  }
}
