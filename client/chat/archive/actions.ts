// Reads again what was said: a page of a conversation, what has certain words, and all of it into a file.
import type { JsonObject } from '../../../core/json.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Span } from '../../../core/protocol/message/spans.js';
import type { History, DatedMessage } from '../../history/port.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel, Outcome } from '../events.js';
import { outcome } from '../outcome.js';
import type { People } from '../people/people.js';
import { writeExport } from './export.js';

export interface ReadingActionsParts {
  readonly history: Pick<History, 'messagesBefore' | 'messagesAfter' | 'sortKeyOf' | 'progress' | 'search'>;
  readonly conversations: Pick<Conversations, 'find' | 'current' | 'labelOf' | 'list'>;
  readonly people: Pick<People, 'nameOf'>;
}

export interface ReadingActions {
  /**
   * The latest `count` messages of a conversation, the current one when null; the last is the latest. Before the message
   * `before`, if given; nothing when that is not here. Of one's own, how many have them.
   */
  page(label: ConversationLabel | null, count: number, before: string | null): Promise<Outcome>;
  /** The latest messages of all open conversations with all of the words. */
  search(words: readonly string[]): Promise<Outcome>;
  /** All of a conversation into a file that is not there yet, a line of JSON for each message. */
  export(label: ConversationLabel | null, file: string): Promise<Outcome>;
}

/** Messages that one search gives. */
const FOUND_AT_MOST = 50;

export function createReadingActions({
  history,
  conversations,
  people,
}: ReadingActionsParts): ReadingActions {
  function shown({ id, message, at }: DatedMessage): JsonObject {
    const { conversation, account, text, spans } = message;
    return {
      conversation: conversations.labelOf(conversation),
      from: people.nameOf(account),
      id,
      text,
      spans: spans.map(shownSpan),
      at: new Date(at).toISOString(),
    };
  }

  /** Also how far it has come, if it was said here. */
  async function shownOnPage(one: DatedMessage): Promise<JsonObject> {
    const progress = await history.progress(one.position);
    return { ...shown(one), ...(progress === null ? {} : { acked: progress.acked, of: progress.of }) };
  }

  function exported(one: DatedMessage): JsonObject {
    const { account, device, seq, hlc } = one.message;
    return { ...shown(one), account, device, seq, hlc };
  }

  async function inConversation(
    label: ConversationLabel | null,
    read: (conversation: ConversationId) => Promise<Outcome>,
  ): Promise<Outcome> {
    const conversation = label === null ? conversations.current() : conversations.find(label);
    if (conversation !== null && conversation !== undefined) return read(conversation);
    const message =
      label === null
        ? 'No conversation is open. Name one: #room or @user.'
        : `There is no conversation ${label} here. /unread lists those there are.`;
    return outcome(5, 'INVALID_COMMAND', { message });
  }

  return {
    page: (label, count, before) =>
      inConversation(label, async (conversation) => {
        const place = before === null ? null : await history.sortKeyOf(before);
        const isLost = before !== null && place === null;
        const messages = isLost ? [] : await history.messagesBefore(conversation, place, count);
        const name = conversations.labelOf(conversation);
        const message =
          messages.length === 0
            ? `Nothing was said in ${name} that is kept here.`
            : `The latest of ${name}: ${counted(messages.length)}.`;
        return outcome(5, 'DONE', {
          message,
          data: { messages: await Promise.all(messages.map(shownOnPage)) },
        });
      }),
    async search(words) {
      const messages = await history.search(words, conversations.list(), FOUND_AT_MOST);
      const latest = messages.length === FOUND_AT_MOST ? 'The latest ' : '';
      const message = `${latest}${counted(messages.length)} found.`;
      return outcome(5, 'DONE', { message, data: { messages: messages.map(shown) } });
    },
    export: (label, file) =>
      inConversation(label, async (conversation) => {
        const written = await writeExport(
          file,
          (after, limit) => history.messagesAfter(conversation, after, limit),
          exported,
        );
        if ('refusal' in written) return outcome(5, 'INVALID_COMMAND', { message: written.refusal });
        const { count } = written;
        const message = `${counted(count)} of ${conversations.labelOf(conversation)} written to ${file}.`;
        return outcome(5, 'DONE', { message, data: { file, count } });
      }),
  };
}

const counted = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;

function shownSpan(span: Span): JsonObject {
  const { style, start, end } = span;
  const place = { style: style.toLowerCase(), start, end };
  return span.style === 'HYPERLINK' ? { ...place, url: span.url } : place;
}
