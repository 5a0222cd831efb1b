// Notices in the form that faces get, safe to show.
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Notice } from '../../../core/protocol/signed/statements.js';
import type { ChatNotice } from '../events.js';

export function shownNotice(notice: Notice): ChatNotice {
  const { type, room, subject, by, isByOperator, reason, topic, formerly, deadline, at } = notice;
  return {
    type,
    conversation: room === null ? null : `#${sanitiseLine(room.name)}`,
    username: sanitiseLine(subject.username),
    by: by === null ? null : sanitiseLine(by.username),
    ...(isByOperator === true ? { isByOperator } : {}),
    reason: reason === null ? null : sanitiseLine(reason),
    ...(topic === undefined ? {} : { topic: sanitiseLine(topic) }),
    ...(formerly === undefined ? {} : { formerly: sanitiseLine(formerly) }),
    ...(deadline === undefined ? {} : { deadline }),
    at,
  };
}
