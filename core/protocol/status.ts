// The one table of outcomes: code, phrase, meaning, whether a retry helps, and what a person should do.
// Even codes are success, odd ones failure; the hundreds are the family of the request.

import { invariant } from '../errors.js';

interface StatusRow {
  readonly code: number;
  readonly phrase: string;
  /** One sentence: what it means. */
  readonly meaning: string;
  /** Whether the same request may succeed later without anyone changing anything. */
  readonly isRetryable: boolean;
  /** What a person should do; empty on success. */
  readonly remedy: string;
}

export const statusTable = [
  done(100, 'REGISTRATION_SUCCESSFUL', 'The account exists and this device is enrolled.'),
  done(100, 'LOGIN_SUCCESSFUL', 'This device is enrolled under the account.'),
  done(100, 'RENEWAL_SUCCESSFUL', 'The device has fresh credentials.'),
  done(100, 'LOGOUT_SUCCESSFUL', 'You are logged out: this terminal has forgotten its key.'),
  done(100, 'USERNAME_CHANGED', 'The account has its new username.'),
  done(100, 'PASSWORD_CHANGED', 'The account has its new password; its terminals stay logged in.'),
  done(100, 'DEVICES_LISTED', 'The terminals of the account are listed.'),
  done(100, 'DEVICE_REVOKED', 'The terminal is logged out.'),
  failed(
    101,
    'LOGIN_FAILED',
    'Name and password do not belong together.',
    'Check both; the answer is the same for an unknown name.',
  ),
  failed(
    101,
    'USERNAME_TAKEN',
    'Somebody has this username, or gave it up less than 30 days ago.',
    'Choose another name.',
  ),
  failed(
    101,
    'TOO_MANY_RENAMES',
    'The account has been renamed as often as it may be in 30 days.',
    'Keep the name you have for now.',
    true,
  ),
  failed(
    101,
    'PASSWORD_REFUSED',
    'The password is too short, too long or too common.',
    'Choose another password of 8 to 72 bytes.',
  ),
  failed(
    101,
    'WRONG_PASSWORD',
    'The old password is not the one of this account.',
    'Check it and try again.',
  ),
  failed(101, 'NOT_ENROLLED', 'The tracker does not know this device.', 'Log in with /login NAME PASSWORD.'),
  failed(
    101,
    'ACCOUNT_DISABLED',
    'The operator of the tracker has disabled this account.',
    'Ask the operator of the tracker, who can enable it again.',
  ),
  failed(
    101,
    'DEVICE_NOT_FOUND',
    'No terminal of this account is meant by that.',
    'See /devices for those there are.',
  ),
  failed(
    101,
    'ALREADY_LOGGED_IN',
    'This terminal belongs to an account already.',
    'Use /logout first, or another --profile.',
  ),
  failed(
    101,
    'NOT_LOGGED_IN',
    'No account is logged in here.',
    'Use /register NAME PASSWORD or /login NAME PASSWORD.',
  ),
  failed(
    101,
    'REQUEST_EXPIRED',
    'The request was too old when it arrived.',
    'Set the clock of this machine right and try again.',
  ),
  failed(
    101,
    'TOO_MANY_ATTEMPTS',
    'Too many attempts have failed lately.',
    'Wait some minutes, then try again.',
    true,
  ),
  failed(101, 'INVALID_COMMAND', 'The request is malformed.', 'Write it as its /help shows.'),

  done(200, 'CREATION_S', 'The room exists and you lead it.'),
  done(200, 'JOIN_S', 'You are a member of the room.'),
  done(200, 'ROOM_LISTED_S', 'The rooms are listed.'),
  done(200, 'QUIT_S', 'You have left the room.'),
  done(200, 'MEMBERS_LISTED_S', 'The members are listed.'),
  done(200, 'MEMBER_REMOVED_S', 'The person is no longer a member of the room.'),
  done(200, 'MEMBER_BANNED_S', 'The person is out of the room and cannot come back.'),
  done(200, 'MEMBER_UNBANNED_S', 'The person may join the room again.'),
  done(200, 'MEMBER_INVITED_S', 'The person may join the room.'),
  done(200, 'ADMIN_PROMOTED_S', 'The person is an admin of the room.'),
  done(200, 'ADMIN_DEMOTED_S', 'The person is no admin of the room any more.'),
  done(200, 'SUCCESSOR_NAMED_S', 'The person leads the room when its last admin goes.'),
  done(200, 'TOPIC_CHANGED_S', 'The room has its new topic.'),
  done(200, 'SYNC_S', 'What was missed is here.'),
  failed(
    201,
    'CREATION_FAILURE',
    'The room was not created; the reason says why.',
    'Do what the reason asks for.',
  ),
  failed(201, 'JOIN_FAILURE', 'You did not join; the reason says why.', 'Do what the reason asks for.'),
  failed(201, 'NO_AVAILABLE_CHAT_ROOM', 'There is no room yet.', 'Make one with /create ROOM.'),
  failed(201, 'ROOM_NAME_TAKEN', 'An open room has this name.', 'Choose another name, or /join it.'),
  failed(201, 'ROOM_NOT_FOUND', 'No open room has this name.', 'See /rooms for those there are.'),
  failed(201, 'ALREADY_MEMBER', 'You are in this room.', 'Use /open to talk in it.'),
  failed(201, 'NOT_A_MEMBER', 'You are not in this room.', 'Use /join first.'),
  failed(
    201,
    'NOT_INVITED',
    'The room is private and you are not invited.',
    'Ask an admin of the room for an invitation.',
  ),
  failed(201, 'BANNED', 'You are banned from this room.', 'Ask an admin of the room to lift the ban.'),
  failed(201, 'NOT_ADMIN', 'Only an admin of the room may do this.', 'Ask one of those /members shows.'),
  failed(201, 'IS_ADMIN', 'The person is an admin of the room.', 'Demote them first.'),
  failed(201, 'ALREADY_ADMIN', 'The person is an admin of the room already.', 'Nothing is left to do.'),
  failed(201, 'USER_NOT_ADMIN', 'The person is no admin of the room.', 'Nothing is left to do.'),
  failed(201, 'USER_NOT_A_MEMBER', 'The person is not in this room.', 'See /members for those who are.'),
  failed(201, 'USER_IS_MEMBER', 'The person is in this room already.', 'Nothing is left to do.'),
  failed(
    201,
    'USER_IS_BANNED',
    'The person is banned from this room.',
    'Lift the ban with /unban USER first.',
  ),
  failed(201, 'NOT_BANNED', 'The person is not banned from this room.', 'Nothing is left to do.'),
  failed(201, 'USERNAME_NOT_FOUND', 'Nobody has this username.', 'Check how the name is written.'),
  failed(
    201,
    'LAST_MEMBER',
    'You are alone in the room, and a room has an admin.',
    'Use /leave to close the room.',
  ),
  failed(201, 'TOO_MANY_BANS', 'The room has as many bans as it can hold.', 'Lift one with /unban USER.'),
  failed(
    201,
    'TOO_MANY_INVITATIONS',
    'The room has as many open invitations as it can hold.',
    'Wait until somebody has joined.',
  ),
  failed(
    201,
    'ROOM_FULL',
    'The room has as many members as it can hold.',
    'Try again when somebody has left.',
    true,
  ),
  failed(
    201,
    'TOO_MANY_ROOMS',
    'You are in as many rooms as an account may be.',
    'Leave one with /leave ROOM.',
  ),
  failed(201, 'INVALID_COMMAND', 'The request is malformed.', 'Write it as its /help shows.'),

  done(300, 'PRIVATE_SESSION_INITIATED', 'Both sides have been introduced.'),
  done(300, 'INTRODUCED', 'Those of them who are online have been introduced.'),
  done(300, 'PEOPLE_LISTED', 'The people online are listed.'),
  done(300, 'ADDRESSES_ANNOUNCED', 'The tracker knows where this device can be reached.'),
  done(300, 'STATE_NOTED', 'The tracker knows whether the user of this device is there.'),
  done(300, 'LEAVE_NOTED', 'The tracker knows that this device goes.'),
  done(300, 'USER_BLOCKED', 'There is no contact with the person any more.'),
  done(300, 'USER_UNBLOCKED', 'Contact with the person is possible again.'),
  done(300, 'BLOCKS_LISTED', 'Those you have blocked are listed.'),
  done(300, 'PRIVACY_TOLD', 'To whom your addresses are given is told.'),
  done(300, 'PRIVACY_CHOSEN', 'To whom your addresses are given is chosen.'),
  done(300, 'CONTACTS_NOTED', 'The tracker knows whom you have written to.'),
  failed(301, 'USER_IS_BLOCKED', 'You have blocked this person.', 'Use /unblock USER first.'),
  failed(301, 'TOO_MANY_BLOCKS', 'You have blocked as many as one can.', 'End one with /unblock USER.'),
  failed(301, 'USERNAME_NOT_FOUND', 'Nobody has this username.', 'See /people for who is online.'),
  failed(
    301,
    'USERNAME_OFFLINE',
    'The person is not online.',
    'What you write is kept and goes out when they come back.',
    true,
  ),
  failed(301, 'INVALID_COMMAND', 'The request is malformed.', 'Write it as its /help shows.'),

  done(400, 'MESSAGE_SENT', 'The message is accepted and will be delivered.'),
  done(400, 'HISTORY_S', 'What the other terminal has of a conversation is told or passed on.'),
  failed(
    401,
    'INVALID_FORMAT',
    'The message is malformed: too long, empty, or its formatting does not fit its text.',
    'Shorten or rewrite it.',
  ),
  failed(
    401,
    'NOT_A_RECIPIENT',
    'The message is not for this device: its author or its reader is not in the conversation.',
    'Join the room, or wait until both terminals know the same members.',
  ),
  failed(
    401,
    'NUMBER_TAKEN',
    'The same terminal has said something else under this number before, and that is kept.',
    'Say it again once the links are open. If it goes on, /logout and /login give this terminal a new key.',
  ),
  failed(401, 'USER_IS_BLOCKED', 'You have blocked this person.', 'Use /unblock USER first.'),
  failed(
    401,
    'INVALID_COMMAND',
    'There is no conversation to send this to, or the request is malformed.',
    'Open one with /join ROOM or /msg USER.',
  ),

  done(500, 'DONE', 'The terminal did what was asked.'),
  failed(501, 'BUSY', 'The tracker has more to do than it takes on.', 'Wait a moment and try again.', true),
  failed(
    501,
    'UNAVAILABLE',
    'The tracker cannot be reached or cannot store anything now.',
    'Wait; the terminal reconnects by itself.',
    true,
  ),
  failed(
    501,
    'NOT_ENROLLED',
    'The tracker no longer knows this device.',
    'Log in again with /login NAME PASSWORD.',
  ),
  failed(
    501,
    'UNSUPPORTED_VERSION',
    'One side speaks a version of the protocol that the other does not.',
    'Update the older one.',
  ),
  failed(501, 'INTERNAL', 'Something is wrong in the program itself.', "Report it with the tracker's log."),
  failed(501, 'INVALID_COMMAND', 'There is no such command.', 'See /help.'),
] as const;

type Row = (typeof statusTable)[number];

/** The family of a request: 1 accounts, 2 rooms, 3 people, 4 messages, 5 the service itself. */
export type Family = 1 | 2 | 3 | 4 | 5;

/** The phrases a request of family `F` may be answered with, those of the service included. */
export type PhraseOf<F extends Family> = Extract<Row, { code: CodesOf<F> | CodesOf<5> }>['phrase'];

interface Codes {
  1: 100 | 101;
  2: 200 | 201;
  3: 300 | 301;
  4: 400 | 401;
  5: 500 | 501;
}
type CodesOf<F extends Family> = Codes[F];

/** The row of `phrase` for a request of `family`: the family's own, else the service's. */
export function statusOf<F extends Family>(family: F, phrase: PhraseOf<F>): StatusRow {
  const rows: readonly StatusRow[] = statusTable.filter((row) => row.phrase === phrase);
  const row =
    rows.find((one) => Math.floor(one.code / 100) === family) ?? rows.find((one) => one.code >= 500);
  invariant(row !== undefined, `no status ${phrase} in family ${family}`);
  return row;
}

/** Reads a phrase that came as text; throws a `RangeError` if requests of `family` have no such answer. */
export function phraseIn<F extends Family>(family: F, text: string): PhraseOf<F> {
  const row = statusTable.find(({ code, phrase }) => phrase === text && isOf(family, code));
  if (row === undefined) throw new RangeError(`no status ${text} in family ${family}`);
  // The table's own types say which phrases a family has; the search has just found it among them.
  return row.phrase as PhraseOf<F>;
}

const isOf = (family: Family, code: number): boolean => [family, 5].includes(Math.floor(code / 100));

export const isSuccess = (code: number): boolean => code % 2 === 0;

function done<const C extends number, const P extends string>(code: C, phrase: P, meaning: string) {
  return { code, phrase, meaning, isRetryable: false, remedy: '' };
}

function failed<const C extends number, const P extends string>(
  code: C,
  phrase: P,
  meaning: string,
  remedy: string,
  isRetryable = false,
) {
  return { code, phrase, meaning, isRetryable, remedy };
}
