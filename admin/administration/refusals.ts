// The refusals of the machines, as errors for the operator.
import { OperatorError } from '../../core/errors.js';
import type { JsonObject } from '../../core/json.js';
import { limits } from '../../core/protocol/limits.js';
import { timeText } from '../text/time.js';
import type { Prepared } from './tasks.js';

interface Refused {
  readonly reason: string;
  readonly detail: JsonObject;
}

/** The problem and its remedy. */
type Explain = (task: Prepared, detail: JsonObject) => readonly [problem: string, remedy: string];

const showRoom = (room: string): string =>
  `Run \`partyline admin show '${room}'\`, which lists the members, the admins and the bans.`;

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  USER_NOT_A_MEMBER: ({ user, room }) => [`${user} is not a member of ${room}`, showRoom(room)],
  USER_NOT_ADMIN: ({ user, room }) => [`${user} is not an admin of ${room}`, showRoom(room)],
  NOT_BANNED: ({ user, room }) => [`${user} is not banned from ${room}`, showRoom(room)],
  LAST_MEMBER: ({ user, room }) => [
    `${user} is the only member of ${room}, which would have no admin`,
    'Use `partyline admin close-room` to close the room, or keep this admin.',
  ],
  TOO_MANY_BANS: ({ room }) => [
    `${room} has ${limits.bansPerRoom} bans, which is the maximum`,
    `Lift a ban that is no longer needed: partyline admin unban '${room}' USER`,
  ],
  ROOM_NOT_FOUND: ({ room }) => [
    `${room} is closed`,
    'A closed room cannot be changed. No action is needed.',
  ],
  USERNAME_TAKEN: () => [
    'another account has this name, or had it in the last 30 days',
    'Choose another name.',
  ],
  TOO_MANY_RENAMES: ({ user }, { until }) => [
    `${user} has reached the limit of ${limits.usernamesHeld} renames in ${limits.usernameHeldDays} days`,
    `Rename the account after ${timeText(Number(until))}, or disable it.`,
  ],
  NOT_ENROLLED: ({ user }) => [`the terminal of ${user} is no longer logged in`, 'No action is needed.'],
};

export function refusalError({ reason, detail }: Refused, task: Prepared): OperatorError {
  const explain = Object.hasOwn(EXPLANATIONS, reason) ? EXPLANATIONS[reason] : undefined;
  const [problem, remedy] = explain?.(task, detail) ?? [
    `the rules of rooms and accounts refuse this command (${reason})`,
    'See the table of refusals in docs/reference/errors.md.',
  ];
  return new OperatorError(`nothing was changed: ${problem}`, remedy);
}
