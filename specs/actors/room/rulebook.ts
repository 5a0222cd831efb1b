// A second, independent implementation of the room rules, to compare with the machine: one record per person. It knows neither
// the payloads of events nor the machine.
import type { OperatorRoomCommand, RoomCommand } from '../../../actors/room/commands.js';
import { limits } from '../../../core/protocol/limits.js';

interface Entry {
  name: string;
  /** The steps at which the person joined and became admin; 0 for a person who is not in the room or not admin. */
  came: number;
  rose: number;
  isInvited: boolean;
  isBanned: boolean;
  isHeir: boolean;
}

/** The result of a command: its events as `type account`, the reason of a refusal, or `nothing`. */
type Ruling = readonly string[] | string;

/** The room's state in the form of the machine's context. */
export interface RoomState {
  readonly phase: 'unopened' | 'attended' | 'unattended' | 'closed';
  readonly members: readonly string[];
  readonly admins: readonly string[];
  readonly successor: string | null;
  readonly isPrivate: boolean;
  readonly invited: readonly string[];
  readonly banned: readonly string[];
  readonly deadline: number | null;
}

export function openRulebook() {
  const people = new Map<string, Entry>();
  let phase: RoomState['phase'] = 'unopened';
  let isPrivate = false;
  let deadline: number | null = null;
  let step = 0;

  const all = (): Entry[] => [...people.values()];
  const present = (): Entry[] =>
    all()
      .filter((one) => one.came > 0)
      .sort((a, b) => a.came - b.came);
  const leading = (): Entry[] =>
    all()
      .filter((one) => one.rose > 0)
      .sort((a, b) => a.rose - b.rose);

  function person(name: string): Entry {
    const known = people.get(name);
    if (known !== undefined) return known;
    const fresh = { name, came: 0, rose: 0, isInvited: false, isBanned: false, isHeir: false };
    people.set(name, fresh);
    return fresh;
  }

  function promote(one: Entry): void {
    one.rose = ++step;
    one.isHeir = false;
  }

  function remove(one: Entry): void {
    one.came = 0;
    one.rose = 0;
    one.isHeir = false;
  }

  /** If no admin is left, the named successor becomes admin, else the longest-standing member. */
  function ensureAdmin(): readonly string[] {
    if (leading().length > 0) return [];
    const next = present().find(({ isHeir }) => isHeir) ?? present()[0];
    if (next === undefined) return [];
    promote(next);
    return [`AdminSucceeded ${next.name}`];
  }

  function perform(command: RoomCommand): Ruling {
    if (command.type === 'CreateRoom') return create(command);
    if (phase === 'closed' && command.type === 'LeaveRoom') return 'NOT_A_MEMBER';
    if (phase === 'unopened' || phase === 'closed') return 'ROOM_NOT_FOUND';
    switch (command.type) {
      case 'JoinRoom':
        return join(command);
      case 'LeaveRoom':
        return leave(person(command.account));
      case 'AdminsAbsent':
        if (phase === 'unattended') return 'nothing';
        phase = 'unattended';
        deadline = command.deadline;
        return [`RoomUnattended ${leading()[0]?.name}`];
      case 'AdminReturned':
        return phase === 'unattended' && person(command.account).rose > 0
          ? attended(person(command.account))
          : 'nothing';
      case 'Tick':
        return tick(command);
      case 'RemoveMember':
      case 'BanMember':
      case 'UnbanMember':
      case 'InviteMember':
      case 'PromoteMember':
      case 'DemoteAdmin':
      case 'NameSuccessor':
      case 'ChangeTopic':
        return moderate(command);
      case 'RemoveAsOperator':
      case 'BanAsOperator':
      case 'UnbanAsOperator':
      case 'PromoteAsOperator':
      case 'DemoteAsOperator':
      case 'TransferRoom':
      case 'CloseRoom':
        return operate(command);
    }
  }

  function operate(command: OperatorRoomCommand): Ruling {
    if (command.type === 'CloseRoom') {
      const [first] = leading();
      present().forEach(remove);
      phase = 'closed';
      return [`RoomClosed ${first?.name}`];
    }
    const target = person(command.target);
    if (command.type === 'UnbanAsOperator') {
      if (!target.isBanned) return 'NOT_BANNED';
      target.isBanned = false;
      return [`MemberUnbanned ${target.name}`];
    }
    if (command.type === 'BanAsOperator' && target.isBanned) return 'nothing';
    if (target.came === 0) return 'USER_NOT_A_MEMBER';
    switch (command.type) {
      case 'BanAsOperator':
      case 'RemoveAsOperator':
        return putOut(target, command.type === 'BanAsOperator');
      case 'DemoteAsOperator':
        if (target.rose === 0) return 'USER_NOT_ADMIN';
        return present().length === 1 ? 'LAST_MEMBER' : demote(target);
      case 'PromoteAsOperator':
        if (target.rose > 0) return 'nothing';
        promote(target);
        return [`AdminPromoted ${target.name}`];
      case 'TransferRoom':
        return transfer(target);
    }
  }

  function putOut(target: Entry, isBan: boolean): Ruling {
    if (isBan && all().filter(({ isBanned }) => isBanned).length >= limits.bansPerRoom)
      return 'TOO_MANY_BANS';
    remove(target);
    target.isBanned = isBan;
    const gone = `${isBan ? 'MemberBanned' : 'MemberRemoved'} ${target.name}`;
    if (present().length > 0) return [gone, ...ensureAdmin()];
    phase = 'closed';
    return [gone, `RoomClosed ${target.name}`];
  }

  function transfer(target: Entry): Ruling {
    const others = leading().filter((one) => one !== target);
    const demoted = others.map(({ name }) => `AdminDemoted ${name}`);
    for (const one of others) one.rose = 0;
    if (target.rose > 0) return demoted.length === 0 ? 'nothing' : demoted;
    promote(target);
    return [`AdminPromoted ${target.name}`, ...demoted];
  }

  function create(command: Extract<RoomCommand, { type: 'CreateRoom' }>): Ruling {
    if (phase !== 'unopened') return 'ROOM_NAME_TAKEN';
    if (command.roomsOfAccount >= limits.roomsPerAccount) return 'TOO_MANY_ROOMS';
    phase = 'attended';
    ({ isPrivate } = command);
    const creator = person(command.account);
    creator.came = ++step;
    promote(creator);
    return [`RoomCreated ${creator.name}`];
  }

  function join({ account, roomsOfAccount }: Extract<RoomCommand, { type: 'JoinRoom' }>): Ruling {
    const guest = person(account);
    if (guest.isBanned) return 'BANNED';
    if (guest.came > 0) return 'ALREADY_MEMBER';
    if (isPrivate && !guest.isInvited) return 'NOT_INVITED';
    if (present().length >= limits.membersPerRoom) return 'ROOM_FULL';
    if (roomsOfAccount >= limits.roomsPerAccount) return 'TOO_MANY_ROOMS';
    guest.came = ++step;
    guest.isInvited = false;
    return [`MemberJoined ${guest.name}`];
  }

  function leave(one: Entry): Ruling {
    if (one.came === 0) return 'NOT_A_MEMBER';
    remove(one);
    const left = [`MemberLeft ${one.name}`];
    if (present().length > 0) return [...left, ...ensureAdmin()];
    phase = 'closed';
    return [...left, `RoomClosed ${one.name}`];
  }

  function attended(one: Entry): readonly string[] {
    phase = 'attended';
    deadline = null;
    return [`RoomAttended ${one.name}`];
  }

  function tick({ now, online }: Extract<RoomCommand, { type: 'Tick' }>): Ruling {
    if (phase !== 'unattended') return 'nothing';
    const here = new Set<string>(online);
    const back = leading().find(({ name }) => here.has(name));
    if (back !== undefined) return attended(back);
    const standIn = present().find(({ name }) => here.has(name));
    if (deadline === null || now < deadline || standIn === undefined) return 'nothing';
    promote(standIn);
    return [`AdminSucceeded ${standIn.name}`, ...attended(standIn)];
  }

  function moderate(
    command: Extract<RoomCommand, { type: `${string}${'Member' | 'Admin' | 'Successor' | 'Topic'}` }>,
  ): Ruling {
    const asking = person(command.account);
    if (asking.isBanned) return 'BANNED';
    if (asking.came === 0) return 'NOT_A_MEMBER';
    if (asking.rose === 0) return 'NOT_ADMIN';
    if (command.type === 'ChangeTopic') return command.isSame ? 'nothing' : [`TopicChanged ${asking.name}`];
    const target = command.target === null ? null : person(command.target);
    if (command.type === 'InviteMember') return invite(target);
    if (command.type === 'UnbanMember') {
      if (!target?.isBanned) return 'NOT_BANNED';
      target.isBanned = false;
      return [`MemberUnbanned ${target.name}`];
    }
    if (command.type === 'RemoveMember' || command.type === 'BanMember') {
      return expel(asking, target, command.type === 'BanMember');
    }
    if (target === null || target.came === 0) return 'USER_NOT_A_MEMBER';
    if (command.type === 'DemoteAdmin') {
      if (target.rose === 0) return 'USER_NOT_ADMIN';
      if (present().length === 1) return 'LAST_MEMBER';
      return demote(target);
    }
    if (command.type === 'PromoteMember') {
      if (target.rose > 0) return 'nothing';
      promote(target);
      return [`AdminPromoted ${target.name}`];
    }
    if (target.rose > 0) return 'ALREADY_ADMIN';
    if (target.isHeir) return 'nothing';
    for (const one of all()) one.isHeir = one === target;
    return [`SuccessorNamed ${target.name}`];
  }

  function invite(guest: Entry | null): Ruling {
    if (guest === null) return 'USERNAME_NOT_FOUND';
    if (guest.came > 0) return 'USER_IS_MEMBER';
    if (guest.isBanned) return 'USER_IS_BANNED';
    if (guest.isInvited) return 'nothing';
    if (all().filter(({ isInvited }) => isInvited).length >= limits.invitationsPerRoom) {
      return 'TOO_MANY_INVITATIONS';
    }
    guest.isInvited = true;
    return [`MemberInvited ${guest.name}`];
  }

  function expel(asking: Entry, target: Entry | null, forGood: boolean): Ruling {
    if (target === asking) return 'INVALID_COMMAND';
    if (forGood && target?.isBanned) return 'nothing';
    if (target === null || target.came === 0) return 'USER_NOT_A_MEMBER';
    if (target.rose > 0) return 'IS_ADMIN';
    if (forGood && all().filter(({ isBanned }) => isBanned).length >= limits.bansPerRoom)
      return 'TOO_MANY_BANS';
    remove(target);
    target.isBanned = forGood;
    return [`${forGood ? 'MemberBanned' : 'MemberRemoved'} ${target.name}`];
  }

  /** An admin who steps down cannot succeed themself. */
  function demote(target: Entry): Ruling {
    target.rose = 0;
    if (leading().length > 0) return [`AdminDemoted ${target.name}`];
    const { came } = target;
    target.came = 0;
    const filled = ensureAdmin();
    target.came = came;
    return [`AdminDemoted ${target.name}`, ...filled];
  }

  const namesOf = (entries: readonly Entry[]): readonly string[] => entries.map(({ name }) => name);
  return {
    perform,
    state: (): RoomState => ({
      phase,
      members: namesOf(present()),
      admins: namesOf(leading()),
      successor: all().find(({ isHeir }) => isHeir)?.name ?? null,
      isPrivate,
      invited: namesOf(all().filter(({ isInvited }) => isInvited)).toSorted(),
      banned: namesOf(all().filter(({ isBanned }) => isBanned)).toSorted(),
      deadline,
    }),
  };
}
