// The drafts of the dashboard's conversations: the text to load when one is shown again. The chat stores them, except for text with
// a password.
import type { Chat } from '../../chat/port.js';
import { secretStart } from '../../commands/line.js';
import type { Renaming, Shown } from './timelines.js';

export class Drafts {
  /** The texts of this run. */
  readonly #texts = new Map<Shown, string>();

  constructor(private readonly chat: Pick<Chat, 'draftOf' | 'keepDraft'>) {}

  of(shown: Shown): string {
    return this.#texts.get(shown) ?? (shown === null ? '' : this.chat.draftOf(shown));
  }

  keep(shown: Shown, text: string): void {
    this.#texts.set(shown, text);
    if (shown !== null) this.chat.keepDraft(shown, secretStart(text) === null ? text : '');
  }

  /** Applies new labels, all at once, so that labels can be exchanged. */
  rename(renamings: readonly Renaming[]): void {
    const texts = renamings.map(({ from, to }) => [to, this.#texts.get(from)] as const);
    for (const { from } of renamings) this.#texts.delete(from);
    for (const [to, text] of texts) if (text !== undefined) this.#texts.set(to, text);
  }

  /** Forgets the texts of this run, for another user. */
  clear(): void {
    this.#texts.clear();
  }
}
