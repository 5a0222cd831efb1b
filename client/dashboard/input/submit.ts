// What is done with an entered line: a message goes to the window's conversation at once, commands one after the other.
import type { Outcome } from '../../chat/events.js';
import { outcome } from '../../chat/outcome.js';
import type { Chat } from '../../chat/port.js';
import { execute } from '../../commands/execute.js';
import { parseLine } from '../../commands/line.js';
import type { Shown } from '../model/timelines.js';

export interface SubmitResult {
  readonly outcomes: readonly Outcome[];
  /** The conversation the line has opened; null when it opened none. */
  readonly opened: Shown;
  /** Whether the face ends after it. */
  readonly isLast: boolean;
}

const NOWHERE = outcome(4, 'INVALID_COMMAND', {
  message:
    'This window is no conversation. /create ROOM makes a room, /join ROOM enters one, /msg USER opens a private one.',
});

export class LineSubmitter {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly chat: Chat) {}

  /** @param shown what the window shows in which it was entered */
  speak(text: string, shown: Shown): Promise<SubmitResult> {
    const line = parseLine(text);
    if (line.kind !== 'message') return this.#inTurn(() => this.#carryOut(line, shown));
    if (shown === null) {
      return Promise.resolve({ outcomes: [this.chat.judged(NOWHERE)], opened: null, isLast: false });
    }
    const act = async (chat: Chat) => [await chat.say(shown, line.text)];
    return this.#carryOut({ kind: 'command', command: '', act, isLast: false }, shown);
  }

  async #carryOut(line: ReturnType<typeof parseLine>, shown: Shown): Promise<SubmitResult> {
    // A command means the conversation of the window it was entered in.
    if (line.kind === 'command' && line.command !== '' && shown !== null && this.chat.current !== shown) {
      await this.chat.open(shown);
    }
    const before = this.chat.current;
    const outcomes = await execute(this.chat, line);
    const { current } = this.chat;
    const isLast = line.kind === 'command' && line.isLast;
    return { outcomes, opened: current === before ? null : current, isLast };
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    // Who waits for this turn hears of its failure; the next one is not its business.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
