// The JSON form of the chat's events.
// It is a public contract: fields keep their names, shapes and order, and new fields may be added.
import type { JsonObject } from '../../core/json.js';
import { sanitiseRanges } from '../../core/protocol/message/sanitise.js';
import type {
  ChatEvents,
  ChatMessage,
  ChatNotice,
  ChatNotification,
  Delivery,
  LinkChange,
  Return,
  SessionChange,
  Warning,
} from '../chat/events.js';
import { listenUntil } from '../chat/listeners.js';
import type { Chat } from '../chat/port.js';
import { botMark, spanObject } from './past-message.js';
import type {
  BackObject,
  DeliveryObject,
  LinkObject,
  MessageObject,
  NoticeObject,
  PresenceObject,
  SessionObject,
  WarningObject,
} from './shapes.js';
import { isoTime } from './time.js';

/**
 * Writes the state of the session, then every event until `signal` aborts. A message sent through this face gets a reply and no
 * event.
 */
export function writeEvents(chat: Chat, write: (object: JsonObject) => void, signal: AbortSignal): void {
  const events = listenUntil(chat, signal);
  events.on('message', (message) => write(messageObject(message)));
  events.on('delivery', (delivery) => write(deliveryObject(delivery)));
  events.on('notice', (notice) => write(noticeObject(notice)));
  events.on('link', (change) => write(linkObject(change)));
  events.on('session', (change) => write(sessionObject(change)));
  events.on('back', (back) => write(backObject(back)));
  events.on('notification', (one) => write(notificationObject(one)));
  events.on('presence', (change) => write(presenceObject(change)));
  events.on('warning', (warning) => write(warningObject(warning)));
  write(sessionObject(chat.session));
}

function messageObject({ conversation, from, id, text, spans, link, at, hops }: ChatMessage): MessageObject {
  const safe = sanitiseRanges(text, spans);
  return {
    event: 'message',
    conversation,
    from,
    id,
    text: safe.text,
    spans: safe.ranges.map(spanObject),
    link,
    at: isoTime(at),
    ...botMark(hops),
  };
}

export function deliveryObject({
  id,
  conversation,
  state,
  acked,
  of,
  refused,
  refusal,
}: Delivery): DeliveryObject {
  const object = { event: 'delivery' as const, id, conversation, state, acked, of, refused };
  if (refusal === null) return object;
  const { by, phrase, reason } = refusal;
  return { ...object, by, phrase, reason };
}

export function noticeObject({ at, deadline, isByOperator, ...notice }: ChatNotice): NoticeObject {
  const operator = isByOperator === undefined ? {} : { operator: true as const };
  const object = { event: 'notice' as const, ...notice, ...operator, at: isoTime(at) };
  return deadline === undefined ? object : { ...object, deadline: isoTime(deadline) };
}

export function linkObject({ peer, link, state, reason }: LinkChange): LinkObject {
  return { event: 'link', peer, link, state, reason };
}

export function sessionObject({ state, reason }: SessionChange): SessionObject {
  return { event: 'session', state, reason };
}

export function presenceObject({ username, state }: ChatEvents['presence']): PresenceObject {
  return { event: 'presence', username, state };
}

export function warningObject({ type, peer, message, at }: Warning): WarningObject {
  return { event: 'warning', type, peer, message, at: isoTime(at) };
}

export function backObject({ awayMs, reason, notices }: Return): BackObject {
  return { event: 'back', awayMs, reason, notices };
}

/** The notification of a message has its `id`. The notification of a notice has its `type` and `username`. */
function notificationObject(notification: ChatNotification): JsonObject {
  const { kind, conversation, from, preview, isLoud, at } = notification;
  const of =
    'notice' in notification
      ? { type: notification.notice.type, username: notification.notice.username }
      : { id: notification.id };
  const when = isoTime(at);
  return { event: 'notification', kind, conversation, from, ...of, preview, loud: isLoud, at: when };
}
