// The table of outcomes: code, phrase, meaning, whether a retry can help, and a remedy. Even codes are success, odd
// codes failure. The hundreds digit is the family of the request.
import { invariant } from '../errors.js';
import { done, failed, type StatusRow } from './status-row.js';

export const statusTable = [
  done(100, 'REGISTRATION_SUCCESSFUL', 'The account exists and this device is enrolled.'),
  done(100, 'LOGIN_SUCCESSFUL', 'This device is enrolled under the account.'),
  done(100, 'RENEWAL_SUCCESSFUL', 'The device has fresh credentials.'),
  done(100, 'LOGOUT_SUCCESSFUL', 'You are logged out: this terminal has forgotten its key.'),
  done(100, 'USERNAME_CHANGED', 'Your username has changed.'),
  done(100, 'PASSWORD_CHANGED', 'Your password has changed. Your terminals stay logged in.'),
  done(100, 'DEVICES_LISTED', "The list of the account's terminals follows."),
  done(100, 'DEVICE_REVOKED', 'The terminal is logged out.'),
  failed(
    101,
    'LOGIN_FAILED',
    'The username or the password is wrong.',
    'Check the username and the password. The answer is the same for an unknown username.',
  ),
  failed(
    101,
    'USERNAME_TAKEN',
    'This username is taken, or was given up less than 30 days ago.',
    'Choose another name.',
  ),
  failed(
    101,
    'TOO_MANY_RENAMES',
    'The account has reached its limit of renames in 30 days.',
    'Keep your current username for now.',
    true,
  ),
  failed(
    101,
    'PASSWORD_REFUSED',
    'The password is too short, too long or too common.',
    'Choose an uncommon password with at least 8 characters and at most 72 bytes.',
  ),
  failed(101, 'WRONG_PASSWORD', 'The current password is wrong.', 'Check the password and try again.'),
  failed(101, 'NOT_ENROLLED', 'The tracker does not know this device.', 'Log in with /login NAME PASSWORD.'),
  failed(
    101,
    'ACCOUNT_DISABLED',
    'The operator of the tracker has disabled this account.',
    'Ask the operator of the tracker, who can enable it again.',
  ),
  failed(101, 'DEVICE_NOT_FOUND', 'The account has no such terminal.', 'Use /devices to list the terminals.'),
  failed(
    101,
    'ALREADY_LOGGED_IN',
    'This terminal already belongs to an account.',
    'Use /logout first, or another --profile.',
  ),
  failed(
    101,
    'NOT_LOGGED_IN',
    'No account is logged in on this terminal.',
    'Use /register NAME PASSWORD or /login NAME PASSWORD.',
  ),
  failed(
    101,
    'REQUEST_EXPIRED',
    "This machine's clock and the tracker's clock differ too much.",
    'Compare both with the correct time, set the one that is wrong, and try again.',
  ),
  failed(
    101,
    'TOO_MANY_ATTEMPTS',
    'Too many recent attempts have failed.',
    'Wait a few minutes, then try again.',
    true,
  ),
  failed(101, 'INVALID_COMMAND', 'The request is malformed.', 'Use /help COMMAND to see its form.'),

  done(200, 'CREATION_S', 'The room is created and you are its admin.'),
  done(200, 'JOIN_S', 'You are a member of the room.'),
  done(200, 'ROOM_LISTED_S', 'The list of rooms follows.'),
  done(200, 'QUIT_S', 'You have left the room.'),
  done(200, 'MEMBERS_LISTED_S', 'The list of members follows.'),
  done(200, 'LOG_LISTED_S', 'The moderation history of the room follows, with its proof.'),
  done(200, 'MEMBER_REMOVED_S', 'The person is no longer a member of the room.'),
  done(200, 'MEMBER_BANNED_S', 'The person is banned from the room.'),
  done(200, 'MEMBER_UNBANNED_S', 'The person is no longer banned from the room.'),
  done(200, 'MEMBER_INVITED_S', 'The person is invited to the room.'),
  done(200, 'ADMIN_PROMOTED_S', 'The person is an admin of the room.'),
  done(200, 'ADMIN_DEMOTED_S', 'The person is no longer an admin of the room.'),
  done(200, 'SUCCESSOR_NAMED_S', 'The person becomes admin when the last admin leaves.'),
  done(200, 'TOPIC_CHANGED_S', 'The room has a new topic.'),
  done(200, 'UNCHANGED_S', 'The room is already as requested. Nothing has changed.'),
  done(200, 'SYNC_S', 'The events that you missed follow.'),
  failed(
    201,
    'CREATION_FAILURE',
    'The room was not created. The reason follows.',
    'Follow the reason and try again.',
  ),
  failed(
    201,
    'JOIN_FAILURE',
    'You did not join the room. The reason follows.',
    'Follow the reason and try again.',
  ),
  failed(201, 'NO_AVAILABLE_CHAT_ROOM', 'There are no rooms yet.', 'Create a room with /create ROOM.'),
  failed(201, 'ROOM_NAME_TAKEN', 'An open room has this name.', 'Choose another name, or use /join ROOM.'),
  failed(201, 'ROOM_NOT_FOUND', 'No open room has this name.', 'Use /rooms to list the rooms.'),
  failed(201, 'ALREADY_MEMBER', 'You are already in this room.', 'Use /open to talk in it.'),
  failed(201, 'NOT_A_MEMBER', 'You are not in this room.', 'Use /join first.'),
  failed(
    201,
    'NOT_INVITED',
    'The room is private and you have no invitation.',
    'Ask an admin of the room for an invitation.',
  ),
  failed(201, 'BANNED', 'You are banned from this room.', 'Ask an admin of the room to remove the ban.'),
  failed(201, 'NOT_ADMIN', 'Only an admin of the room can do this.', 'Use /members to find an admin.'),
  failed(201, 'IS_ADMIN', 'The person is an admin of the room.', 'Demote the person first.'),
  failed(201, 'ALREADY_ADMIN', 'The person is already an admin of the room.', 'No action is needed.'),
  failed(201, 'USER_NOT_ADMIN', 'The person is not an admin of the room.', 'No action is needed.'),
  failed(201, 'USER_NOT_A_MEMBER', 'The person is not in this room.', 'Use /members to list the members.'),
  failed(201, 'USER_IS_MEMBER', 'The person is already in this room.', 'No action is needed.'),
  failed(201, 'USER_IS_BANNED', 'The person is banned from this room.', 'Use /unban USER first.'),
  failed(201, 'NOT_BANNED', 'The person is not banned from this room.', 'No action is needed.'),
  failed(201, 'USERNAME_NOT_FOUND', 'Nobody has this username.', 'Check the spelling of the username.'),
  failed(
    201,
    'LAST_MEMBER',
    'You are the only member, and a room must have an admin.',
    'Use /leave to close the room.',
  ),
  failed(201, 'TOO_MANY_BANS', 'The room has reached its limit of bans.', 'Remove a ban with /unban USER.'),
  failed(
    201,
    'TOO_MANY_INVITATIONS',
    'The room has reached its limit of open invitations.',
    'Wait until an invited person joins.',
  ),
  failed(
    201,
    'ROOM_FULL',
    'The room has reached its limit of members.',
    'Try again after a member leaves.',
    true,
  ),
  failed(
    201,
    'TOO_MANY_ROOMS',
    'You have reached the limit of rooms for one account.',
    'Leave a room with /leave ROOM.',
  ),
  failed(201, 'INVALID_COMMAND', 'The request is malformed.', 'Use /help COMMAND to see its form.'),

  done(300, 'PRIVATE_SESSION_INITIATED', 'Both sides have been introduced.'),
  done(300, 'INTRODUCED', 'The tracker has introduced the people who are online to you.'),
  done(300, 'PEOPLE_LISTED', 'The list of people who are online follows.'),
  done(300, 'ADDRESSES_ANNOUNCED', 'The tracker has stored the addresses of this device.'),
  done(300, 'STATE_NOTED', 'The tracker has stored whether you are active or away.'),
  done(300, 'LEAVE_NOTED', 'The tracker has noted that this device goes offline.'),
  done(300, 'USER_BLOCKED', 'The person is blocked.'),
  done(300, 'USER_UNBLOCKED', 'The person is no longer blocked.'),
  done(300, 'BLOCKS_LISTED', 'The list of people you have blocked follows.'),
  done(300, 'PRIVACY_TOLD', 'Your address privacy setting follows.'),
  done(300, 'PRIVACY_CHOSEN', 'Your address privacy setting is stored.'),
  done(300, 'CONTACTS_NOTED', 'The tracker has stored your contacts.'),
  failed(301, 'USER_IS_BLOCKED', 'You have blocked this person.', 'Use /unblock USER first.'),
  failed(301, 'NOT_BLOCKED', 'The person is not blocked.', 'Use /blocks to list the people you block.'),
  failed(
    301,
    'TOO_MANY_BLOCKS',
    'You have reached the limit of blocks.',
    'Unblock a person with /unblock USER.',
  ),
  failed(301, 'USERNAME_NOT_FOUND', 'Nobody has this username.', 'Use /people to list who is online.'),
  failed(
    301,
    'USERNAME_OFFLINE',
    'The person is not online.',
    'Your messages are stored and sent when the person comes online.',
    true,
  ),
  failed(301, 'INVALID_COMMAND', 'The request is malformed.', 'Use /help COMMAND to see its form.'),

  done(400, 'MESSAGE_SENT', 'The message is accepted and will be delivered.'),
  done(400, 'HISTORY_S', 'The terminal has listed or sent its messages of the conversation.'),
  failed(
    401,
    'INVALID_FORMAT',
    'The message is malformed: it is too long or empty, or its formatting does not match its text.',
    'Shorten or rewrite the message.',
  ),
  failed(
    401,
    'NOT_A_RECIPIENT',
    'The author or the reader of the message is not in the conversation.',
    'Join the room, or wait until both terminals have the same list of members.',
  ),
  failed(
    401,
    'NUMBER_TAKEN',
    'The sending terminal has already sent another message with this number. The earlier message is kept.',
    'Send it again when the links are open. If this repeats, use /logout and /login to give this terminal a new key.',
  ),
  failed(
    401,
    'SIGNATURE_INVALID',
    'The signature of the message does not match its text. The message was not accepted.',
    'Send it again. If this repeats, use /logout and /login to give this terminal a new key.',
  ),
  failed(
    401,
    'DATED_AHEAD',
    'The message is dated in the future.',
    'Compare the clocks with the correct time.',
  ),
  failed(401, 'USER_IS_BLOCKED', 'You have blocked this person.', 'Use /unblock USER first.'),
  failed(
    401,
    'INVALID_COMMAND',
    'No conversation is open, or the request is malformed.',
    'Open a conversation with /join ROOM or /msg USER.',
  ),

  done(500, 'DONE', 'The terminal has carried out the request.'),
  failed(501, 'NOT_MUTED', 'The conversation or person is not muted.', 'Use /mutes to list all mutes.'),
  failed(501, 'BUSY', 'The tracker is overloaded.', 'Wait a moment and try again.', true),
  failed(
    501,
    'UNAVAILABLE',
    'The tracker cannot be reached, or cannot store data now.',
    'Wait. The terminal reconnects by itself.',
    true,
  ),
  failed(
    501,
    'HISTORY_UNREADABLE',
    'The tracker cannot read an event of this room or account, so it changes nothing there.',
    'Tell the operator of the tracker. Other rooms and accounts are not affected.',
  ),
  failed(
    501,
    'NOT_ENROLLED',
    'The tracker no longer knows this device.',
    'Log in again with /login NAME PASSWORD.',
  ),
  failed(
    501,
    'HISTORY_BROKEN',
    'The tracker changed its history, so this terminal no longer accepts changes of rooms from it.',
    'Use /why, and ask the operator of the tracker by other means what happened.',
  ),
  failed(501, 'UNSUPPORTED_VERSION', 'The two sides speak different versions.', 'Update the older program.'),
  failed(501, 'INTERNAL', 'The program has an internal error.', "Report the error, with the tracker's log."),
  failed(501, 'INVALID_COMMAND', 'There is no such command.', 'Use /help to list the commands.'),
] as const;

type Row = (typeof statusTable)[number];

/** The family of a request: 1 accounts, 2 rooms, 3 people, 4 messages, 5 the service itself. */
export type Family = 1 | 2 | 3 | 4 | 5;

/** The phrases that can answer a request of family `F`, including the phrases of the service (family 5). */
export type PhraseOf<F extends Family> = Extract<Row, { code: CodesOf<F> | CodesOf<5> }>['phrase'];

interface Codes {
  1: 100 | 101;
  2: 200 | 201;
  3: 300 | 301;
  4: 400 | 401;
  5: 500 | 501;
}
type CodesOf<F extends Family> = Codes[F];

/** The row of `phrase` for a request of `family`: the family's own row, or the service's. */
export function statusOf<F extends Family>(family: F, phrase: PhraseOf<F>): StatusRow {
  const rows: readonly StatusRow[] = statusTable.filter((row) => row.phrase === phrase);
  const row =
    rows.find((one) => Math.floor(one.code / 100) === family) ?? rows.find((one) => one.code >= 500);
  invariant(row !== undefined, `no status ${phrase} in family ${family}`);
  return row;
}

/** Reads a phrase from text. Throws a `RangeError` if requests of `family` have no such answer. */
export function phraseIn<F extends Family>(family: F, text: string): PhraseOf<F> {
  const row = statusTable.find(({ code, phrase }) => phrase === text && isOf(family, code));
  if (row === undefined) throw new RangeError(`no status ${text} in family ${family}`);
  // The row belongs to `family`, so its phrase is one of the family's phrases. `find` loses this type.
  return row.phrase as PhraseOf<F>;
}

const isOf = (family: Family, code: number): boolean => [family, 5].includes(Math.floor(code / 100));
export const isSuccess = (code: number): boolean => code % 2 === 0;
