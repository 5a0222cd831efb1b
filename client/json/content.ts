// The JSON content of a reply: `data`, or the `id` of a message. Each kind of reply has one writer.
// It is a public contract: fields keep their names, shapes and order, and new fields may be added.
import type { JsonObject } from '../../core/json.js';
import type { Refusal } from '../chat/outcome.js';
import type {
  Explanation,
  ListedDevice,
  ListedLink,
  ListedMember,
  ListedMute,
  ListedPerson,
  ListedRoom,
  LoggedModeration,
  PageMessage,
  SafetyCodes,
  Unintroduced,
} from '../chat/results.js';
import type { ConversationState } from '../chat/events.js';
import type { Reply } from '../commands/reply.js';
import { pastMessageObject } from './past-message.js';
import type { MemberObject, MuteObject, PageMessageObject, PersonObject, RoomObject } from './shapes.js';
import { isoTime, isoTimeOrNull } from './time.js';

/** The fields of the reply object after `message`. */
export function contentOf(reply: Reply): JsonObject {
  if (!reply.outcome.isOk) return refusalContent(reply.outcome);
  switch (reply.kind) {
    case 'done':
      return {};
    case 'message':
      return { id: reply.outcome.data.id };
    case 'loggedIn':
    case 'renamed':
    case 'blocked':
      return { data: { username: reply.outcome.data.username } };
    case 'devices':
      return { data: { devices: reply.outcome.data.devices.map(deviceObject) } };
    case 'revoked':
      return { data: { name: reply.outcome.data.name } };
    case 'people':
      return { data: { people: reply.outcome.data.people.map(personObject) } };
    case 'blocks':
      return { data: { blocks: reply.outcome.data.blocks.map(({ username }) => ({ username })) } };
    case 'privacy':
      return { data: { privacy: reply.outcome.data.choice } };
    case 'rooms':
      return { data: { rooms: reply.outcome.data.rooms.map(roomObject) } };
    case 'members': {
      const { members, nextLeader } = reply.outcome.data;
      return { data: { members: members.map(memberObject), next: nextLeader } };
    }
    case 'log': {
      const { conversation, events, before } = reply.outcome.data;
      return { data: { conversation, events: events.map(moderationObject), before } };
    }
    case 'opened':
    case 'private':
      return { data: { conversation: reply.outcome.data.conversation } };
    case 'left': {
      const { conversation, nextLeader } = reply.outcome.data;
      return { data: { conversation, next: nextLeader } };
    }
    case 'topic': {
      const { conversation, topic } = reply.outcome.data;
      return { data: { conversation, topic } };
    }
    case 'moderated': {
      const { conversation, username } = reply.outcome.data;
      return { data: { conversation, username } };
    }
    case 'carrier': {
      const { conversation, choice, unreached } = reply.outcome.data;
      return { data: { conversation, choice, unreached } };
    }
    case 'links':
      return { data: { links: reply.outcome.data.links.map(linkObject) } };
    case 'codes':
      return { data: codesObject(reply.outcome.data) };
    case 'verified': {
      const { username, isVerified } = reply.outcome.data;
      return { data: { username, verified: isVerified } };
    }
    case 'history':
      return { data: { messages: reply.outcome.data.messages.map(pageMessageObject) } };
    case 'found':
      return { data: { messages: reply.outcome.data.messages.map(pastMessageObject) } };
    case 'exported': {
      const { file, count } = reply.outcome.data;
      return { data: { file, count } };
    }
    case 'unread':
      return { data: { conversations: reply.outcome.data.conversations.map(unreadObject) } };
    case 'muted':
      return { data: muteObject(reply.outcome.data) };
    case 'unmuted': {
      const { conversation, username } = reply.outcome.data;
      return { data: { conversation, user: username } };
    }
    case 'mutes':
      return { data: { mutes: reply.outcome.data.mutes.map(muteObject) } };
    case 'retention': {
      const { keepDays, keepMessages, waiting, deleted } = reply.outcome.data;
      return { data: { keepDays, keepMessages, waiting, deleted } };
    }
    case 'dnd':
      return { data: { dnd: reply.outcome.data.isOn } };
    case 'why':
      return { data: explanationObject(reply.outcome.data) };
    case 'options': {
      const { options } = reply.outcome.data;
      return { data: { options: options.map(({ name, value, choices }) => ({ name, value, choices })) } };
    }
    case 'commands': {
      const { commands } = reply.outcome.data;
      return { data: { commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) } };
    }
    case 'command': {
      const { name, usage, summary, example } = reply.outcome.data;
      return { data: { name, usage, summary, example } };
    }
  }
}

function refusalContent(refusal: Refusal | Unintroduced): JsonObject {
  if ('conversation' in refusal) return { data: { conversation: refusal.conversation } };
  return refusal.reason === null ? {} : { data: { reason: refusal.reason } };
}

function deviceObject(one: ListedDevice): JsonObject {
  const { number, name, enrolledAt, seenAt, isCurrent, isOnline } = one;
  const times = { enrolled: isoTime(enrolledAt), seen: isoTimeOrNull(seenAt) };
  return { number, name, ...times, current: isCurrent, online: isOnline };
}

export function personObject(one: ListedPerson): PersonObject {
  const { username, state, isYou, isVerified, rooms, carrier, isBlocked, isBot } = one;
  const mark = isBot === true ? { bot: true as const } : {};
  return {
    username,
    state,
    you: isYou,
    verified: isVerified,
    rooms,
    link: carrier,
    blocked: isBlocked,
    ...mark,
  };
}

export function roomObject({ name, memberCount, topic, isPrivate, isJoined }: ListedRoom): RoomObject {
  return { name, members: memberCount, topic, private: isPrivate, joined: isJoined };
}

export function memberObject({
  username,
  isAdmin,
  joinedAt,
  isOnline,
  leadership,
}: ListedMember): MemberObject {
  const leads = leadership && {
    event: leadership.event,
    because: leadership.because,
    by: leadership.by,
    since: isoTime(leadership.since),
  };
  return { admin: isAdmin, online: isOnline, username, joined: isoTime(joinedAt), leads };
}

function moderationObject(event: LoggedModeration): JsonObject {
  const { type, version, position, username, by, isByOperator, reason, topic, deadline, at } = event;
  return {
    type,
    version,
    position,
    username,
    by,
    ...(isByOperator === true && { operator: true }),
    reason,
    ...(topic !== undefined && { topic }),
    ...(deadline !== undefined && { deadline: isoTime(deadline) }),
    at: isoTime(at),
    hidden: event.isTextHidden,
    proved: event.isProved,
  };
}

function linkObject(one: ListedLink): JsonObject {
  const { peer, device, carrier, choice, isVerified, reason, rttMs, loss } = one;
  const { sentBytes, receivedBytes, queued, ageMs } = one;
  const attempts = one.attempts.map(({ at, carrier: link, via, reason: failure }) => {
    return { at: isoTime(at), link, via, reason: failure };
  });
  return {
    peer,
    device,
    link: carrier,
    choice,
    verified: isVerified,
    reason,
    attempts,
    rttMs,
    loss,
    sentBytes,
    receivedBytes,
    queued,
    ageMs,
  };
}

function codesObject({ username, codes }: SafetyCodes): JsonObject {
  const listed = codes.map(({ code, isLinked, introducedAt, isVerified }) => {
    return { code, linked: isLinked, introduced: isoTime(introducedAt), verified: isVerified };
  });
  return { username, codes: listed };
}

/** `acked`, `of` and `refused` count recipients. Only the user's own messages have them. */
export function pageMessageObject({ reach, ...message }: PageMessage): PageMessageObject {
  const object = pastMessageObject(message);
  return reach === null ? object : { ...object, acked: reach.acked, of: reach.of, refused: reach.refused };
}

function unreadObject({ label, unread, mentions, muted, lastRead }: ConversationState): JsonObject {
  return { conversation: label, unread, mentions, muted, lastRead: isoTimeOrNull(lastRead) };
}

export function muteObject({ conversation, username, level, until }: ListedMute): MuteObject {
  return { conversation, user: username, level, until: isoTimeOrNull(until) };
}

function explanationObject({ event, by, at, reason, remedy }: Explanation): JsonObject {
  return { event, by, at: isoTimeOrNull(at), reason, remedy };
}
