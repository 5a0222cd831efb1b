// Notifications as faces get them: a message or a notice, and what it is worth. Pure.
import { millisecondsOf } from '../../core/protocol/hlc.js';
import { type Message, messageId } from '../../core/protocol/message.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { ChatNotice, ConversationLabel, EventNotification, MessageNotification } from './events.js';

const PREVIEW_MAX = 200;

export function messageNotification(
  message: Message,
  shown: { readonly label: ConversationLabel; readonly from: string },
  worth: Pick<MessageNotification, 'kind' | 'isLoud'>,
): MessageNotification {
  return {
    ...worth,
    conversation: shown.label,
    from: shown.from,
    id: messageId(message),
    preview: previewOf(message.text),
    at: millisecondsOf(message.hlc),
  };
}

export function eventNotification(
  notice: ChatNotice,
  worth: Pick<EventNotification, 'kind' | 'isLoud'>,
): EventNotification {
  const { conversation, by, topic, reason, at } = notice;
  return { ...worth, conversation, from: by, preview: previewOf(topic ?? reason ?? ''), notice, at };
}

/** One line, cut where no character is cut in two. */
export function previewOf(text: string): string {
  const line = sanitiseLine(text).trim();
  return line.length <= PREVIEW_MAX
    ? line
    : `${line.slice(0, PREVIEW_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
