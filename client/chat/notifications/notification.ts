// Notifications as faces get them: a message or a notice, and what it is worth. Pure.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { ChatMessage, ChatNotice, EventNotification, MessageNotification } from '../events.js';

const PREVIEW_MAX = 200;

export function messageNotification(
  { conversation, from, id, text, at }: ChatMessage,
  { kind, isLoud }: Pick<MessageNotification, 'kind' | 'isLoud'>,
): MessageNotification {
  return { kind, isLoud, conversation, from, id, preview: previewOf(text), at };
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
