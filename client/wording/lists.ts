// The list of a reply as rows of cells that need no headings. Prints nothing.
import { timeOf } from '../../core/time/local-time.js';
import type { ConversationState, MuteLevel } from '../chat/events.js';
import type {
  Leadership,
  ListedDevice,
  ListedLink,
  ListedMute,
  ListedPerson,
  ListedRoom,
  LoggedModeration,
  MemberList,
  PastMessage,
  SafetyCodes,
} from '../chat/results.js';
import type { ListedOption, Reply } from '../commands/reply.js';
import { noticeSentence } from './sentences.js';
import { plainTopic } from './topic.js';

type Cells = readonly string[];

/** The rows of the reply's list. Empty if the reply has only a sentence. */
export function rowsOf(reply: Reply): readonly Cells[] {
  if (!reply.outcome.isOk) return [];
  switch (reply.kind) {
    case 'people':
      return reply.outcome.data.people.map(personCells);
    case 'blocks':
      return reply.outcome.data.blocks.map(({ username }) => [username]);
    case 'rooms':
      return reply.outcome.data.rooms.map(roomCells);
    case 'members':
      return memberRows(reply.outcome.data);
    case 'log':
      return reply.outcome.data.events.map(logCells);
    case 'links':
      return reply.outcome.data.links.map(linkCells);
    case 'devices':
      return reply.outcome.data.devices.map(deviceCells);
    case 'commands':
      return reply.outcome.data.commands.map(({ usage, summary }) => [`${usage}: ${summary}`]);
    case 'options':
      return reply.outcome.data.options.map(optionCells);
    case 'unread':
      return reply.outcome.data.conversations.map(unreadCells);
    case 'mutes':
      return reply.outcome.data.mutes.map(muteCells);
    case 'codes':
      return reply.outcome.data.codes.map(codeCells);
    case 'history':
    case 'found':
      return reply.outcome.data.messages.map(messageCells);
    case 'loggedIn':
    case 'renamed':
    case 'revoked':
    case 'blocked':
    case 'privacy':
    case 'opened':
    case 'private':
    case 'left':
    case 'topic':
    case 'moderated':
    case 'message':
    case 'carrier':
    case 'verified':
    case 'exported':
    case 'retention':
    case 'muted':
    case 'unmuted':
    case 'dnd':
    case 'why':
    case 'command':
    case 'done':
      return [];
  }
}

function personCells(one: ListedPerson): Cells {
  const { username, state, isYou, isVerified, isBlocked, isBot, carrier, rooms } = one;
  return [
    username,
    [
      ...(isBot === true ? ['bot'] : []),
      state === 'dnd' ? 'do not disturb' : state,
      ...(isVerified ? ['verified'] : []),
    ].join(', '),
    isYou ? 'you' : isBlocked ? 'blocked' : carrier === null ? 'no link' : `link over ${carrier}`,
    rooms.length === 0 ? '' : `in ${rooms.join(', ')}`,
  ];
}

function codeCells({ code, isLinked, isVerified }: SafetyCodes['codes'][number]): Cells {
  return [code, isLinked ? 'linked now' : 'not linked', isVerified ? 'verified' : ''];
}

function roomCells(room: ListedRoom): Cells {
  return [
    `#${room.name}`,
    counted(room.memberCount, 'member'),
    membershipWords(room),
    plainTopic(room.topic),
  ];
}

/** The tracker lists a private room only to its members and to the people it has invited. */
function membershipWords({ isJoined, isPrivate }: ListedRoom): string {
  if (!isPrivate) return isJoined ? 'joined' : '';
  return isJoined ? 'joined, private' : 'private, you are invited';
}

function memberRows({ members, nextLeader }: MemberList): readonly Cells[] {
  return members.map(({ username, isAdmin, joinedAt, isOnline, leadership }) => [
    username,
    isOnline ? 'online' : 'offline',
    `since ${timeOf(joinedAt, 0)}`,
    [isAdmin ? `admin${leadershipWords(leadership)}` : '', username === nextLeader ? 'next admin' : '']
      .filter((words) => words !== '')
      .join(', '),
  ]);
}

function logCells(event: LoggedModeration): Cells {
  const sentence =
    event.type === 'TopicChanged' && event.isTextHidden
      ? `${event.by ?? event.username} changed the topic`
      : noticeSentence({ ...event, conversation: null }, null);
  return [
    timeOf(event.at, 0),
    event.isTextHidden ? `${sentence} (text not shown to you)` : sentence,
    event.isProved ? 'proved' : 'NOT PROVED',
  ];
}

/** Why a member is an admin: they created the room, an admin or the operator promoted them, or a rule did. */
function leadershipWords(leadership: Leadership | null): string {
  if (leadership === null) return '';
  const since = ` since ${timeOf(leadership.since, 0)}`;
  switch (leadership.event) {
    case 'RoomCreated':
      return ': created the room';
    case 'AdminPromoted':
      return `${since}: made admin by ${leadership.by ?? 'the operator'}`;
    case 'AdminSucceeded':
      return `${since}: ${successionWords(leadership.because)}`;
    default:
      return since;
  }
}

function successionWords(because: Leadership['because']): string {
  switch (because) {
    case 'left':
      return 'the last admin left';
    case 'steppedDown':
      return 'the last admin stepped down';
    case 'absent':
      return 'all admins were away';
    case 'removed':
      return 'the operator removed the last admin';
    case 'demoted':
      return 'the operator demoted the last admin';
    case null:
      return 'next in line';
  }
}

function linkCells(one: ListedLink): Cells {
  const { peer, carrier, choice, isVerified, reason, rttMs, loss, ageMs, queued } = one;
  return [
    isVerified ? `${peer} (verified)` : peer,
    choice === 'auto' ? (carrier ?? 'no link') : `${carrier ?? 'no link'} (only ${choice})`,
    rttMs === null ? '' : `${Number(rttMs.toFixed(1))} ms`,
    carrier === null ? '' : `loss ${lossWords(loss)}`,
    `${queued} waiting, ${inBytes(one.sentBytes, 'out')}, ${inBytes(one.receivedBytes, 'in')}`,
    `for ${ageOf(ageMs)}`,
    reason,
  ];
}

const AGES = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

function ageOf(ageMs: number): string {
  const [lengthMs, unit] = AGES.find(([length]) => ageMs >= length) ?? [1_000, 's'];
  return `${Math.floor(ageMs / lengthMs)} ${unit}`;
}

function inBytes(bytes: number, direction: 'in' | 'out'): string {
  if (bytes < 1_000) return `${bytes} B ${direction}`;
  const [amount, unit] =
    bytes < 1_000_000 ? [Math.round(bytes / 1_000), 'kB'] : [(bytes / 1_000_000).toFixed(1), 'MB'];
  return `${amount} ${unit} ${direction}`;
}

function deviceCells({ number, name, enrolledAt, seenAt, isCurrent, isOnline }: ListedDevice): Cells {
  const seen = seenAt === null ? 'never seen' : `last seen ${timeOf(seenAt, 0)}`;
  return [
    String(number),
    name,
    isCurrent ? 'this terminal' : isOnline ? 'online' : seen,
    `logged in ${timeOf(enrolledAt, 0)}`,
  ];
}

function optionCells({ name, value, choices }: ListedOption): Cells {
  return [name, value, `choices: ${choices.join(', ')}`];
}

function unreadCells({ label, unread, mentions, muted }: ConversationState): Cells {
  return [
    label,
    unread === 0 ? 'nothing new' : `${unread} new`,
    mentions === 0 ? '' : counted(mentions, 'mention'),
    muted === null ? '' : mutedWords(muted),
  ];
}

function muteCells({ conversation, username, level, until }: ListedMute): Cells {
  return [
    username === null ? conversation : `${username} in ${conversation}`,
    mutedWords(level),
    until === null ? 'until unmuted' : `until ${timeOf(until, 0)}`,
  ];
}

const mutedWords = (level: MuteLevel): string =>
  level === 'mentions' ? 'muted except for mentions' : 'muted';

function messageCells({ conversation, from, text, at, hops }: PastMessage): Cells {
  return [timeOf(at, 0), conversation, `<${from}${hops === undefined ? '' : ' bot'}> ${text}`];
}

/** `1 message`, `2 messages`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2.2%` for a share of 0.022, `-` for null. */
export function lossWords(loss: number | null): string {
  return loss === null ? '-' : `${Number((loss * 100).toFixed(1))}%`;
}
