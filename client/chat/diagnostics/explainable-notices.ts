// Notices that `/why` explains: promotions, removals, and rooms without an admin online. Pure.
import type { AccountId } from '../../../core/ids.js';
import type { Notice, NoticeType } from '../../../core/protocol/signed/statements.js';
import { shownNotice } from '../rooms/notices.js';
import type { Trouble } from './why.js';

interface Explanation {
  /** Whether everyone who gets the notice may ask about it, not only its subject. */
  readonly concernsAll: boolean;
  /** One sentence about `username` in `room`. */
  readonly says: (username: string, room: string) => string;
  /** Advice for the subject of the notice. */
  readonly remedy: string;
}

const LEADING = 'Admins can use /topic, /invite, /promote, /remove and more: see /help.';

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
    says: (username, room) => `${username} is not an admin of ${room} any more.`,
    remedy: '',
  },
  MemberRemoved: {
    concernsAll: false,
    says: (username, room) => `${username} was removed from ${room}.`,
    remedy: 'Use /join to come back. A private room needs a new invitation from an admin.',
  },
  MemberBanned: {
    concernsAll: false,
    says: (username, room) => `${username} was banned from ${room}.`,
    remedy: 'Ask an admin of the room to remove the ban with /unban.',
  },
  RoomClosed: {
    concernsAll: true,
    says: (_, room) => `${room} is closed.`,
    remedy: 'Use /create to open another room.',
  },
  RoomUnattended: {
    concernsAll: true,
    says: (_, room) => `No admin of ${room} has been online for a while.`,
    remedy: '',
  },
};

/** The explanation of a notice for the account `me`; null if it needs none. */
export function explainableNotice(notice: Notice, me: AccountId | null): Trouble | null {
  const turns: Readonly<Record<string, Explanation>> = TURNS;
  const turn = Object.hasOwn(turns, notice.type) ? turns[notice.type] : undefined;
  const isMine = notice.subject.account === me;
  if (turn === undefined || !(turn.concernsAll || isMine)) return null;
  const { type, username, conversation, by, isByOperator, reason, at } = shownNotice(notice);
  const sentence = turn.says(username, conversation ?? 'the room');
  const what = isByOperator === true ? `${sentence} The operator of the tracker did this.` : sentence;
  return {
    event: type,
    by,
    at,
    reason: reason === null ? what : `${what} Reason: ${reason}.`,
    remedy: isMine ? turn.remedy : '',
  };
}
