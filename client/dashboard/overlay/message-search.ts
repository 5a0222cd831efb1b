// The search in the messages of all conversations. It keeps the results of the latest query.
import type { Chat } from '../../chat/port.js';
import type { PastMessage } from '../../chat/results.js';

export class MessageSearch {
  #results: readonly PastMessage[] = [];
  /** Counts queries, so that a late answer to an older query is dropped. */
  #queries = 0;
  #isRunning = false;

  constructor(
    private readonly chat: Pick<Chat, 'search'>,
    private readonly onChange: () => void,
  ) {}

  /** The latest messages first. */
  get results(): readonly PastMessage[] {
    return this.#results;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async run(words: readonly string[]): Promise<void> {
    this.#queries += 1;
    const query = this.#queries;
    this.#isRunning = true;
    const isSearchable = words.some((word) => /[\p{L}\p{N}]/u.test(word));
    const answer = isSearchable ? await this.chat.search(words) : null;
    const results = answer?.isOk === true ? answer.data.messages.toReversed() : [];
    if (query !== this.#queries) return;
    [this.#results, this.#isRunning] = [results, false];
    this.onChange();
  }
}
