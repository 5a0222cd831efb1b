// The turns of fate that a user may ask /why about: a promotion, a removal, what became of a room. Pure.
import type { AccountId } from '../../../core/ids.js';
import type { Notice, NoticeType } from '../../../core/protocol/signed/statements.js';
import { shownNotice } from '../rooms/notices.js';
import type { Trouble } from './why.js';

interface Explanation {
  /** Whether it is worth an explanation to everybody who is told, not only to whom it is about. */
  readonly concernsAll: boolean;
  /** One sentence about `username` in `room`. */
  readonly says: (username: string, room: string) => string;
  /** What to do, for whom it is about. */
  readonly remedy: string;
}

const LEADING = 'What an admin can do is listed by /help: /topic, /invite, /promote, /remove and others.';

const TURNS: { readonly [T in NoticeType]?: Explanation } = {
  AdminSucceeded: {
    concernsAll: true,
    says: (username, room) => `${username} leads ${room} now.`,
    remedy: LEADING,
  },
  AdminPromoted: {
    concernsAll: true,
    says: (username, room) => `${username} was made an admin of ${room}.`,
    remedy: LEADING,
  },
  AdminDemoted: {
    concernsAll: true,
    says: (username, room) => `${username} is no admin of ${room} any more.`,
    remedy: '',
  },
  MemberRemoved: {
    concernsAll: false,
    says: (username, room) => `${username} was removed from ${room}.`,
    remedy: 'Use /join to come back; into a private room an admin has to invite you again.',
  },
  MemberBanned: {
    concernsAll: false,
    says: (username, room) => `${username} was banned from ${room}.`,
    remedy: 'Ask an admin of the room to lift the ban with /unban.',
  },
  RoomUnattended: {
    concernsAll: true,
    says: (_, room) => `No admin of ${room} has been online for a while.`,
    remedy: '',
  },
};

/** What there is to explain of a notice to the account `me`; null for what explains itself. */
export function explainableNotice(notice: Notice, me: AccountId | null): Trouble | null {
  const turns: Readonly<Record<string, Explanation>> = TURNS;
  const turn = Object.hasOwn(turns, notice.type) ? turns[notice.type] : undefined;
  const isMine = notice.subject.account === me;
  if (turn === undefined || !(turn.concernsAll || isMine)) return null;
  const { type, username, conversation, by, reason, at } = shownNotice(notice);
  const what = turn.says(username, conversation ?? 'the room');
  return {
    event: type,
    by,
    at,
    reason: reason === null ? what : `${what} Reason: ${reason}.`,
    remedy: isMine ? turn.remedy : '',
  };
}
