// The commands of `partyline admin` with which the operator acts on accounts, terminals and rooms.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DeviceId, deviceIdSchema } from '../../../core/ids.js';
import { explain } from '../../../core/protocol/envelope.js';
import { reasonSchema } from '../../../core/protocol/lines.js';
import { usernameSchema } from '../../../core/protocol/names.js';
import { parseDuration } from '../../../core/time/duration.js';
import { DRY_RUN, JSON_LINES, JSON_OBJECT, line, MOMENT, moment } from '../arguments.js';

// Loaded only when one of the commands runs.
const actions = () => import('./actions.js');
const lists = () => import('./list-actions.js');

const ROOM = "the room: '#room', a name, or an id";
const USER = 'the account: @user, a name, or an id';

/** The commands about a member of a room, with their descriptions and the types of their machine commands. */
const ABOUT_MEMBERS = [
  ['promote', 'PromoteAsOperator', 'Make a member of a room an admin.'],
  [
    'demote',
    'DemoteAsOperator',
    'Make an admin of a room an ordinary member. If this was the last admin, the next admin takes over.',
  ],
  ['transfer', 'TransferRoom', 'Make a member the only admin of a room.'],
  ['remove', 'RemoveAsOperator', 'Remove a member or an admin from a room. The person may join again.'],
  ['ban', 'BanAsOperator', 'Remove a member or an admin from a room. The person may not join again.'],
  ['unban', 'UnbanAsOperator', 'Let a banned account join a room again.'],
] as const;

/** Adds the commands with `command`, which makes one from its name and description. */
export function addAdministration(command: (name: string, description: string) => Command): void {
  addLists(command);
  const task = (name: string, description: string): Command =>
    command(name, description)
      .addOption(
        new Option('--reason <text>', 'The reason. The affected people see it.')
          .argParser(reason)
          .makeOptionMandatory(),
      )
      .option('--dry-run', DRY_RUN)
      .option('--json', JSON_OBJECT);
  for (const [name, type, description] of ABOUT_MEMBERS) {
    task(name, description)
      .argument('<room>', ROOM, line)
      .argument('<user>', USER, line)
      .action(async (room, user, options) => (await actions()).member(name, type, room, user, options));
  }
  task('close-room', 'Remove all members from a room and close it. Its name is free afterwards.')
    .argument('<room>', ROOM, line)
    .action(async (room, options) => (await actions()).close(room, options));
  task('rename', 'Give an account another name.')
    .argument('<user>', USER, line)
    .argument('<name>', 'the new name', username)
    .action(async (user, name, options) => (await actions()).rename(user, name, options));
  task('revoke', 'Log out one terminal of an account and disconnect it.')
    .argument('<device>', 'the id of the terminal, which `admin show @user` lists', device)
    .action(async (id, options) => (await actions()).revoke(id, options));
}

function addLists(command: (name: string, description: string) => Command): void {
  const list = (name: string, description: string, states: readonly string[], initial: string): Command =>
    command(name, description)
      .option('--at <moment>', `The moment: ${MOMENT}.`, moment)
      .addOption(
        new Option('--state <state>', 'Only entries in this state.').choices(states).default(initial),
      )
      .option('--inactive <duration>', 'Only entries without activity for this time, such as 30d.', duration)
      .option('--json', JSON_LINES);
  list(
    'rooms',
    'List the rooms with their state, members, admins and last event.',
    ['all', 'open', 'unattended', 'closed', 'unreadable'],
    'all',
  ).action(async (options) => (await lists()).rooms(options));
  list(
    'accounts',
    'List the accounts with their state, terminals, rooms and last action.',
    ['all', 'active', 'throttled', 'disabled', 'unreadable'],
    'all',
  ).action(async (options) => (await lists()).accounts(options));
}

export function duration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed !== null) return parsed;
  throw new InvalidArgumentError('Give a duration such as 90m, 12h or 30d.');
}

export function reason(text: string): string {
  const parsed = reasonSchema.safeParse(line(text));
  if (!parsed.success) throw new InvalidArgumentError(explain(parsed.error));
  if (parsed.data === '') throw new InvalidArgumentError('Give a reason.');
  return parsed.data;
}

function username(text: string): string {
  const parsed = usernameSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(explain(parsed.error));
}

function device(text: string): DeviceId {
  const parsed = deviceIdSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('Give the whole id of a terminal, as `admin show @user` lists it.');
}
