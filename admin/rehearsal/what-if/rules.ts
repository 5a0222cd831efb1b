// The rules that a what-if can change: the limits and the setting that decisions depend on.
import { limits } from '../../../core/protocol/limits.js';
import { parseDuration } from '../../../core/time/duration.js';

/** Only the rules that are changed. */
export interface Rules {
  /** Milliseconds; null: a room waits forever. */
  readonly adminAbsenceMs?: number | null;
  readonly membersPerRoom?: number;
  readonly roomsPerAccount?: number;
  readonly bansPerRoom?: number;
  readonly invitationsPerRoom?: number;
  readonly usernamesHeld?: number;
  readonly usernameHeldDays?: number;
}

export interface Rule {
  readonly name: string;
  readonly meaning: string;
  /** The value of this version. */
  readonly present: string;
  readonly forms: string;
  /** Null if the text is not a value of this rule. */
  readonly parse: (text: string) => Rules | null;
}

const WHOLE = /^\d{1,9}$/;
const MAX = 1_000_000;

type Limit = Exclude<keyof Rules, 'adminAbsenceMs'>;

const limit = (name: string, key: Limit, meaning: string, max = MAX): Rule => ({
  name,
  meaning,
  present: String(limits[key]),
  forms: `a whole number from 1 to ${max}`,
  parse(text) {
    const value = WHOLE.test(text) ? Number(text) : 0;
    return value >= 1 && value <= max ? { [key]: value } : null;
  },
});

export const RULES: readonly Rule[] = [
  {
    name: 'admin-absence',
    meaning: 'how long a room waits for absent admins before a member who is online becomes admin',
    present: 'the setting --admin-absence of the tracker',
    forms: 'a duration such as 12h, or never',
    parse(text) {
      if (text === 'never') return { adminAbsenceMs: null };
      const adminAbsenceMs = parseDuration(text);
      return adminAbsenceMs === null ? null : { adminAbsenceMs };
    },
  },
  limit('members-per-room', 'membersPerRoom', 'the maximum number of members of a room'),
  limit('rooms-per-account', 'roomsPerAccount', 'the maximum number of rooms that an account is in'),
  limit('bans-per-room', 'bansPerRoom', 'the maximum number of banned accounts of a room'),
  limit('invitations-per-room', 'invitationsPerRoom', 'the maximum number of open invitations of a room'),
  // A machine remembers as many renames as this version allows.
  limit(
    'renames',
    'usernamesHeld',
    'how often an account may be renamed while its former names are reserved',
    limits.usernamesHeld,
  ),
  limit('name-reserved-days', 'usernameHeldDays', 'how many days a former name is reserved', 36_500),
];
