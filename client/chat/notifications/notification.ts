// Notifications in the form that faces get: a message or notice with its kind and loudness. Pure.
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
  alert: Pick<EventNotification, 'kind' | 'isLoud'>,
): EventNotification {
  const { conversation, by, topic, reason, at } = notice;
  return { ...alert, conversation, from: by, preview: previewOf(topic ?? reason ?? ''), notice, at };
}

/** One line of at most 200 characters; never cuts a surrogate pair. */
export function previewOf(text: string): string {
  const line = sanitiseLine(text).trim();
  return line.length <= PREVIEW_MAX
    ? line
    : `${line.slice(0, PREVIEW_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
