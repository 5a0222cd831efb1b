// The tasks of the operator: what each asks of the machines, and the sentences about its result.
import type { Directory } from '../../actors/projections/directory.js';
import type { OperatorRoomCommand } from '../../actors/room/commands.js';
import { addressOf } from '../../core/actor/aggregate.js';
import { invariant, OperatorError } from '../../core/errors.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { type AccountId, accountIdSchema, type DeviceId } from '../../core/ids.js';
import { conversationIdSchema } from '../../core/protocol/message/message.js';
import type { Clock } from '../../core/time/clock.js';
import { lastPosition } from '../moment.js';
import { createNames } from '../subject/names.js';
import { createResolver } from '../subject/resolve.js';
import type { Operation } from './operation.js';

/** A task with the names of its subjects. */
export interface Prepared {
  readonly operation: Operation;
  /** `@bob`, `#lobby`, or both; empty text if the task has no such subject. */
  readonly user: string;
  readonly room: string;
  /** The result as a sentence without its end. */
  readonly done: string;
  /** The sentence if nothing had to change. */
  readonly unchanged: string;
}

/** Finds the subjects of a task. Throws an `OperatorError` for a subject that does not exist. */
export type Task = (subjects: Subjects) => Promise<Prepared>;

export interface Subjects {
  readonly sql: Pick<Sql, 'all'>;
  readonly directory: Directory;
  readonly clock: Clock;
}

export type AboutMember = Exclude<OperatorRoomCommand['type'], 'CloseRoom'>;

/** For each task about a member of a room: the sentences about the result. */
const MEMBER_TASKS: {
  readonly [T in AboutMember]: (user: string, room: string) => Pick<Prepared, 'done' | 'unchanged'>;
} = {
  RemoveAsOperator: (user, room) => ({
    done: `${user} is removed from ${room}`,
    unchanged: `${user} is not in ${room}`,
  }),
  BanAsOperator: (user, room) => ({
    done: `${user} is banned from ${room}`,
    unchanged: `${user} is already banned from ${room}`,
  }),
  UnbanAsOperator: (user, room) => ({
    done: `${user} may join ${room} again`,
    unchanged: `${user} is not banned from ${room}`,
  }),
  PromoteAsOperator: (user, room) => ({
    done: `${user} is an admin of ${room}`,
    unchanged: `${user} is already an admin of ${room}`,
  }),
  DemoteAsOperator: (user, room) => ({
    done: `${user} is an ordinary member of ${room}`,
    unchanged: `${user} is not an admin of ${room}`,
  }),
  TransferRoom: (user, room) => ({
    done: `${user} is the only admin of ${room}`,
    unchanged: `${user} is already the only admin of ${room}`,
  }),
};

export const aboutMember =
  (type: AboutMember, room: string, user: string, reason: string): Task =>
  async (subjects) => {
    const found = await roomOf(subjects, room);
    const { account, name } = await accountOf(subjects, user);
    const command = { type, target: account, personal: { reason } };
    return {
      operation: { kind: 'room', id: found.id, command },
      user: `@${name}`,
      room: found.label,
      ...MEMBER_TASKS[type](`@${name}`, found.label),
    };
  };

export const closeRoom =
  (room: string, reason: string): Task =>
  async (subjects) => {
    const { id, label } = await roomOf(subjects, room);
    return {
      operation: { kind: 'room', id, command: { type: 'CloseRoom', personal: { reason } } },
      user: '',
      room: label,
      done: `${label} is closed, and its name is free`,
      unchanged: `${label} is already closed`,
    };
  };

export const renameAccount =
  (user: string, username: string, reason: string): Task =>
  async (subjects) => {
    const { account, name } = await accountOf(subjects, user);
    if (name === username) throw sameName(username);
    const personal = { username, formerly: name, reason };
    return {
      operation: {
        kind: 'account',
        id: account,
        command: { type: 'RenameAsOperator', account, at: subjects.clock.now(), personal },
      },
      user: `@${name}`,
      room: '',
      done: `@${name} is now @${username}`,
      unchanged: `@${username} has this name already`,
    };
  };

/** @param reason may be empty, as that of `enabling` */
export const disabling =
  (user: string, reason: string): Task =>
  async (subjects) => {
    const { account, name } = await accountOf(subjects, user);
    return {
      operation: {
        kind: 'account',
        id: account,
        command: { type: 'DisableAccount', account, personal: { reason } },
      },
      user: `@${name}`,
      room: '',
      done: `@${name} is disabled`,
      unchanged: `@${name} is already disabled`,
    };
  };

export const enabling =
  (user: string, reason: string): Task =>
  async (subjects) => {
    const { account, name } = await accountOf(subjects, user);
    const personal = reason === '' ? {} : { personal: { reason } };
    return {
      operation: {
        kind: 'account',
        id: account,
        command: { type: 'EnableAccount', account, ...personal },
      },
      user: `@${name}`,
      room: '',
      done: `@${name} is enabled`,
      unchanged: `@${name} is not disabled`,
    };
  };

export const revokeDevice =
  (device: DeviceId, reason: string): Task =>
  async ({ directory }) => {
    const account = await directory.ownerOf(device);
    const row = account === null ? null : await directory.account(account);
    if (account === null || row === null) {
      throw new OperatorError(
        `no account has the terminal ${device}`,
        'Run `partyline admin show @USER`, which lists the terminals of an account with their ids.',
      );
    }
    const name = (await directory.nameOf(device)) ?? '';
    return {
      operation: {
        kind: 'account',
        id: account,
        command: { type: 'RevokeAsOperator', account, device, personal: { reason } },
      },
      user: `@${row.username}`,
      room: '',
      done: `the terminal "${name}" of @${row.username} is logged out`,
      unchanged: `the terminal "${name}" is not logged in`,
    };
  };

async function accountOf(
  { sql, directory }: Subjects,
  text: string,
): Promise<{ readonly account: AccountId; readonly name: string }> {
  const { id } = await createResolver(sql, createNames(sql)).resolveAccount(text, await lastPosition(sql));
  const account = accountIdSchema.parse(id);
  const row = await directory.account(account);
  invariant(row !== null, `the account ${id} has events and no row`);
  return { account, name: row.username };
}

async function roomOf(
  { sql, directory }: Subjects,
  text: string,
): Promise<{ readonly id: string; readonly label: string }> {
  const { stream } = await createResolver(sql, createNames(sql)).resolveRoom(text, await lastPosition(sql));
  const id = addressOf(stream)?.id;
  const row = await directory.room(conversationIdSchema.parse(stream));
  invariant(id !== undefined && row !== null, `the room ${stream} has events and no row`);
  return { id, label: `#${row.name}` };
}

const sameName = (username: string): OperatorError =>
  new OperatorError(`@${username} has this name already`, 'Give another name.');
