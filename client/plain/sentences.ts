// What happened, in a few words for a line: notices, links and the session.
import { type Notice, noticeTypeSchema } from '../../core/protocol/statements.js';
import type { ChatNotice, LinkChange, SessionChange } from '../chat/events.js';

type Say = (notice: ChatNotice) => string;

const SENTENCES: { readonly [T in Notice['type']]: Say } = {
  RoomCreated: ({ username }) => `${username} created the room and leads it`,
  MemberJoined: ({ username }) => `${username} joined`,
  MemberLeft: ({ username }) => `${username} left`,
  AdminSucceeded: ({ username }) => `${username} leads now`,
  RoomClosed: () => 'the room is closed: its last member has left',
  DeviceEnrolled: ({ username }) => `a device logged in as ${username}`,
  DeviceRevoked: ({ username }) => `a device of ${username} was logged out`,
};

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

const GUEST_HINT =
  'Nobody is logged in here. Make an account with /register NAME PASSWORD, or use yours with /login NAME PASSWORD; ' +
  'then /create ROOM or /join ROOM, and write. /help lists all commands.';

export function sessionSentence({ state, reason }: SessionChange, username: string | null): string {
  const why = reason === '' ? '' : `: ${reason}`;
  const sentences: { readonly [S in SessionChange['state']]: string } = {
    connecting: `connecting${why}`,
    guest: username === null ? GUEST_HINT : `not logged in${why}`,
    online: username === null ? 'online' : `online as ${username}`,
    reconnecting: `the tracker is out of reach, coming back by itself${why}`,
    offline: `offline${why}`,
  };
  return sentences[state];
}
