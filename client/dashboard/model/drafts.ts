// The drafts of the dashboard's conversations: the unsent text to load when a conversation is shown again. The chat stores each
// draft, unless the text contains a password.
import type { Chat } from '../../chat/port.js';
import { secretStart } from '../../commands/line.js';
import type { Renaming, Shown } from './timelines.js';

export class Drafts {
  /** The texts typed since the dashboard started, by conversation. They take precedence over the stored drafts. */
  readonly #texts = new Map<Shown, string>();

  constructor(private readonly chat: Pick<Chat, 'draftOf' | 'keepDraft'>) {}

  of(shown: Shown): string {
    return this.#texts.get(shown) ?? (shown === null ? '' : this.chat.draftOf(shown));
  }

  keep(shown: Shown, text: string): void {
    this.#texts.set(shown, text);
    if (shown !== null) this.chat.keepDraft(shown, secretStart(text) === null ? text : '');
  }

  /** Applies all new labels at once, because two conversations may exchange their labels. */
  rename(renamings: readonly Renaming[]): void {
    const texts = renamings.map(({ from, to }) => [to, this.#texts.get(from)] as const);
    for (const { from } of renamings) this.#texts.delete(from);
    for (const [to, text] of texts) if (text !== undefined) this.#texts.set(to, text);
  }

  /** Forgets the typed texts, because another user has logged in. */
  clear(): void {
    this.#texts.clear();
  }
}
