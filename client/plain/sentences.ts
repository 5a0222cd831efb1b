// What happened, in a few words for a line: notices, links and the session.
import { type NoticeType, noticeTypeSchema } from '../../core/protocol/statements.js';
import type { ChatNotice, LinkChange, Return, SessionChange } from '../chat/events.js';
import { counted } from './lists.js';
import { timeOf } from './time.js';

type Say = (notice: ChatNotice) => string;

const SENTENCES: { readonly [T in NoticeType]: Say } = {
  RoomCreated: ({ username }) => `${username} created the room and leads it`,
  MemberJoined: ({ username }) => `${username} joined`,
  MemberLeft: ({ username }) => `${username} left`,
  MemberRemoved: ({ username }) => `${username} was removed`,
  MemberBanned: ({ username }) => `${username} was banned`,
  MemberUnbanned: ({ username }) => `${username} is no longer banned`,
  MemberInvited: ({ username }) => `${username} was invited`,
  AdminPromoted: ({ username }) => `${username} was made admin`,
  AdminDemoted: ({ username, by }) =>
    `${username} ${by === username ? 'stepped down' : 'is no admin any more'}`,
  AdminSucceeded: ({ username }) => `${username} leads now`,
  SuccessorNamed: ({ username }) => `${username} would lead next`,
  TopicChanged: ({ topic = '' }) => (topic === '' ? 'the topic was cleared' : `the topic is now: ${topic}`),
  RoomUnattended: ({ deadline }) => `all admins are away${ledFrom(deadline)}`,
  RoomAttended: ({ username }) => `${username} is back and leads`,
  RoomClosed: () => 'the room is closed: its last member has left',
  UsernameChanged: ({ username, formerly }) =>
    formerly === undefined
      ? `${username} has a new name`
      : `${formerly} is now ${username} (formerly ${formerly})`,
  DeviceEnrolled: ({ username }) => `a device logged in as ${username}`,
  DeviceRevoked: ({ username }) => `a device of ${username} was logged out`,
  AccountDisabled: ({ username }) => `the account ${username} is disabled`,
};

const ledFrom = (deadline: number | undefined): string =>
  deadline === undefined
    ? ''
    : `; from ${timeOf(deadline, 0)} on the longest-standing member online leads too`;

/** Also for a type this terminal does not know: a newer tracker may tell of more. */
export function noticeSentence(notice: ChatNotice): string {
  const known = noticeTypeSchema.safeParse(notice.type);
  const what = known.success ? SENTENCES[known.data](notice) : `${notice.type}: ${notice.username}`;
  const isByAnother = notice.by !== null && notice.by !== notice.username;
  const who = isByAnother ? ` by ${notice.by}` : '';
  const why = notice.reason === null || notice.reason === '' ? '' : ` (${notice.reason})`;
  return `${notice.conversation === null ? '' : `${notice.conversation} `}${what}${who}${why}`;
}

/** Null for what is not worth a line: an attempt is told by how it ends. */
export function linkSentence({ peer, link, state, reason }: LinkChange): string | null {
  if (state === 'dialing') return null;
  const why = reason === '' ? '' : ` (${reason})`;
  return `link to ${peer} over ${link} ${state}${why}`;
}

/** How long, why, and how much was missed. */
export function backSentence({ awayMs, reason, notices }: Return): string {
  const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1).replace(/\.$/, '')}`;
  const missed = notices === 0 ? 'no notice missed' : `${counted(notices, 'notice')} fetched`;
  return `back after ${lasted(awayMs)}${why === '' ? '' : ` (${why})`}; ${missed}`;
}

const SECOND_MS = 1_000;
const MINUTE_SECONDS = 60;
const HOUR_MINUTES = 60;

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
function lasted(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND_MS));
  if (seconds < MINUTE_SECONDS) return `${seconds} s`;
  const minutes = Math.floor(seconds / MINUTE_SECONDS);
  if (minutes < HOUR_MINUTES) return `${minutes} min ${seconds % MINUTE_SECONDS} s`;
  return `${Math.floor(minutes / HOUR_MINUTES)} h ${minutes % HOUR_MINUTES} min`;
}

const NOBODY = 'Nobody is logged in here.';
const GUEST_HINT =
  'Make an account with /register NAME PASSWORD, or use yours with /login NAME PASSWORD; ' +
  'then /create ROOM or /join ROOM, and write. /help lists all commands.';

export function sessionSentence({ state, reason }: SessionChange, username: string | null): string {
  const why = reason === '' ? '' : `: ${reason}`;
  const sentences: { readonly [S in SessionChange['state']]: string } = {
    connecting: `connecting${why}`,
    guest: username === null ? `${reason === '' ? NOBODY : reason} ${GUEST_HINT}` : `not logged in${why}`,
    online: username === null ? 'online' : `online as ${username}`,
    reconnecting: `the tracker is out of reach, coming back by itself${why}`,
    offline: `offline${why}`,
  };
  return sentences[state];
}
