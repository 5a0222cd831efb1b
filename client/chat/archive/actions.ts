// The actions that read the history again: a page of a conversation, a search, and an export to a file.
import type { JsonObject } from '../../../core/json.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { History, DatedMessage } from '../../history/port.js';
import { pastMessageObject } from '../../json/past-message.js';
import type { Conversations } from '../conversations.js';
import type { ConversationLabel } from '../events.js';
import { type Outcome, refusal, success } from '../outcome.js';
import type { People } from '../people/people.js';
import type { ChatActions } from '../port.js';
import type { PageMessage } from '../results.js';
import { writeExport } from './export.js';
import { createPastMessages } from './past-message.js';

export interface ReadingActionsParts {
  readonly history: Pick<History, 'messagesBefore' | 'messagesAfter' | 'sortKeyOf' | 'progress' | 'search'>;
  readonly conversations: Pick<Conversations, 'find' | 'current' | 'labelOf' | 'list'>;
  readonly people: Pick<People, 'nameOf'>;
}

export type ReadingActions = Pick<ChatActions, 'history' | 'search' | 'export'>;

/** The maximum number of messages in one search result. */
const FOUND_AT_MOST = 50;

export function createReadingActions({
  history,
  conversations,
  people,
}: ReadingActionsParts): ReadingActions {
  const pastMessage = createPastMessages({ conversations, people });

  async function pageMessage(one: DatedMessage): Promise<PageMessage> {
    return { ...pastMessage(one), reach: await history.progress(one.position) };
  }

  /** One line of an export. Its fields are a file format and must not change. */
  function exported(one: DatedMessage): JsonObject {
    const { account, device, seq, hlc } = one.message;
    return { ...pastMessageObject(pastMessage(one)), account, device, seq, hlc };
  }

  function conversationOf(label: ConversationLabel | null): Outcome<ConversationId> {
    const conversation = label === null ? conversations.current() : conversations.find(label);
    if (conversation !== null && conversation !== undefined) return success(5, 'DONE', conversation);
    const message =
      label === null
        ? 'No conversation is open. Name one: #room or @user.'
        : `There is no conversation ${label} here. /unread lists all conversations.`;
    return refusal(5, 'INVALID_COMMAND', message);
  }

  return {
    async history(label, count, before = null) {
      const found = conversationOf(label);
      if (!found.isOk) return found;
      const place = before === null ? null : await history.sortKeyOf(before);
      const isLost = before !== null && place === null;
      const messages = isLost ? [] : await history.messagesBefore(found.data, place, count);
      const name = conversations.labelOf(found.data);
      const message =
        messages.length === 0
          ? `No messages in ${name} are stored here.`
          : `Latest in ${name}: ${counted(messages.length)}.`;
      return success(5, 'DONE', { messages: await Promise.all(messages.map(pageMessage)) }, message);
    },
    async search(words) {
      const messages = await history.search(words, conversations.list(), FOUND_AT_MOST);
      const latest = messages.length === FOUND_AT_MOST ? 'The latest ' : '';
      const message = `${latest}${counted(messages.length)} found.`;
      return success(5, 'DONE', { messages: messages.map(pastMessage) }, message);
    },
    async export(label, file) {
      const found = conversationOf(label);
      if (!found.isOk) return found;
      const written = await writeExport(
        file,
        (after, limit) => history.messagesAfter(found.data, after, limit),
        exported,
      );
      if ('refusal' in written) return refusal(5, 'INVALID_COMMAND', written.refusal);
      const { count } = written;
      const message = `${counted(count)} of ${conversations.labelOf(found.data)} written to ${sanitiseLine(file)}.`;
      return success(5, 'DONE', { file, count }, message);
    },
  };
}

const counted = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;
