// One-line descriptions of notices and of the session state. They call the user "you".
import { foldName } from '../../core/protocol/names.js';
import { type NoticeType, noticeTypeSchema } from '../../core/protocol/signed/statements.js';
import type { ChatNotice, SessionChange } from '../chat/events.js';
import { timeOf } from '../../core/time/local-time.js';
import { plainTopic } from './topic.js';

/** The subject of a sentence, with the verb forms that agree with it. */
interface Subject {
  readonly name: string;
  readonly is: string;
  readonly was: string;
  readonly leads: string;
  readonly whose: string;
}

interface Told {
  readonly notice: ChatNotice;
  readonly who: Subject;
  /** Who acted on the subject: a name, or the operator. Null if a rule caused the notice, or if the subject acted alone. */
  readonly actor: string | null;
}

type Say = (told: Told) => string;

const OPERATOR = 'the operator';
const YOU: Subject = { name: 'you', is: 'are', was: 'were', leads: 'lead', whose: 'your' };
const somebody = (name: string): Subject => ({
  name,
  is: 'is',
  was: 'was',
  leads: 'leads',
  whose: `${name}'s`,
});

const SENTENCES: { readonly [T in NoticeType]: Say } = {
  RoomCreated: ({ who }) => `${who.name} created the room and ${who.leads} it`,
  MemberJoined: ({ who }) => `${who.name} joined`,
  MemberLeft: ({ who }) => `${who.name} left`,
  MemberRemoved: ({ who, actor }) => `${who.name} ${who.was} removed${by(actor)}`,
  MemberBanned: ({ who, actor }) => `${who.name} ${who.was} banned${by(actor)}`,
  MemberUnbanned: ({ who, actor }) =>
    actor === null ? `${who.name} ${who.is} no longer banned` : `${actor} lifted ${who.whose} ban`,
  MemberInvited: ({ who, actor }) =>
    actor === null ? `${who.name} ${who.was} invited` : `${actor} invited ${who.name}`,
  AdminPromoted: ({ who, actor }) =>
    actor === null ? `${who.name} ${who.was} made admin` : `${actor} made ${who.name} admin`,
  AdminDemoted: ({ who, actor, notice }) => {
    if (actor !== null) return `${actor} made ${who.name} an ordinary member`;
    return notice.by === null ? `${who.name} ${who.is} no longer an admin` : `${who.name} stepped down`;
  },
  AdminSucceeded: ({ who }) => `${who.name} ${who.leads} now`,
  SuccessorNamed: ({ who, actor }) =>
    actor === null ? `${who.name} ${who.is} the next admin` : `${actor} named ${who.name} as the next admin`,
  TopicChanged: ({ notice: { topic = '' }, actor, who }) => {
    const doer = actor ?? who.name;
    return topic === '' ? `${doer} cleared the topic` : `${doer} set the topic: ${plainTopic(topic)}`;
  },
  RoomUnattended: ({ notice: { deadline } }) => `all admins are away${ledFrom(deadline)}`,
  RoomAttended: ({ who }) => `${who.name} ${who.is} back and ${who.leads}`,
  RoomClosed: ({ actor }) =>
    actor === null ? 'the room is closed: its last member has left' : `${actor} closed the room`,
  UsernameChanged: ({ who, actor, notice: { username, formerly } }) => {
    if (actor === OPERATOR)
      return `${OPERATOR} renamed ${who === YOU ? 'you' : (formerly ?? 'somebody')} to ${username}`;
    if (who === YOU)
      return `you are now ${username}${formerly === undefined ? '' : ` (formerly ${formerly})`}`;
    if (formerly === undefined) return `${username} has a new name`;
    return `${formerly} is now ${username} (formerly ${formerly})`;
  },
  DeviceEnrolled: ({ who }) => `a terminal logged in to ${who.whose} account`,
  DeviceRevoked: ({ who, actor }) => `a terminal of ${who.whose} account was logged out${by(actor)}`,
  AccountDisabled: ({ who, actor }) =>
    actor === null ? `${who.whose} account is disabled` : `${actor} disabled ${who.whose} account`,
};

const RESTORED =
  'the tracker was restored from a backup: rooms, members and topics are as of that backup. Your messages are kept';

const by = (actor: string | null): string => (actor === null ? '' : ` by ${actor}`);

const ledFrom = (deadline: number | undefined): string =>
  deadline === undefined ? '' : `; from ${timeOf(deadline, 0)} the longest-standing online member also leads`;

/**
 * Describes a notice, also one of an unknown type, since a newer tracker may send more types.
 * @param me the username that is logged in, or null
 */
export function noticeSentence(notice: ChatNotice, me: string | null): string {
  const { username, reason, conversation } = notice;
  const who = isMe(username, me) || isMe(notice.formerly, me) ? YOU : somebody(username);
  const doer = notice.by === username ? null : notice.by;
  const person = isMe(doer, me) ? YOU.name : doer;
  const actor = notice.isByOperator === true ? OPERATOR : person;
  const known = noticeTypeSchema.safeParse(notice.type);
  if (notice.type === 'TrackerRestored') return RESTORED;
  const what = known.success
    ? SENTENCES[known.data]({ notice, who, actor })
    : `${notice.type}: ${who.name}${by(actor)}`;
  const why = reason === null || reason === '' ? '' : ` (${reason})`;
  return `${conversation === null ? '' : `${conversation} `}${what}${why}`;
}

/** Whether somebody else, or a rule, did this to the user. False for notices about a whole room. */
export function isDoneTo({ type, username, by: doer }: ChatNotice, me: string | null): boolean {
  return type !== 'RoomClosed' && isMe(username, me) && !isMe(doer, me);
}

const isMe = (name: string | null | undefined, me: string | null): boolean =>
  me !== null && typeof name === 'string' && foldName(name) === foldName(me);

const NOBODY = 'Nobody is logged in here.';
const GUEST_HINT =
  'Create an account with /register NAME PASSWORD, or log in with /login NAME PASSWORD. ' +
  'Then use /create ROOM or /join ROOM, and write a message. /help lists all commands.';

export function sessionSentence({ state, reason }: SessionChange, username: string | null): string {
  const why = reason === '' ? '' : `: ${reason}`;
  const sentences: { readonly [S in SessionChange['state']]: string } = {
    connecting: reason.startsWith('Connecting') ? reason : `connecting${why}`,
    guest: username === null ? `${reason === '' ? NOBODY : reason} ${GUEST_HINT}` : `not logged in${why}`,
    online: username === null ? 'online' : `online as ${username}`,
    reconnecting: `the tracker is unreachable, reconnecting automatically${why}`,
    offline: `offline${why}`,
  };
  return sentences[state];
}
