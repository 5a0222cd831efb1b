// A second, independent implementation of the whole tracker's rules for a changed history: rooms by the rulebook, accounts, terminals
// and names as plain records. It re-decides recorded commands one after the other and knows neither machines nor states of streams.
import type { AccountCommand } from '../../../actors/account/commands.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import type { Fate } from '../../../admin/rehearsal/what-if/ruling.js';
import type { RecordedEvent } from '../../../core/events/event.js';
import { limits } from '../../../core/protocol/limits.js';
import { openRulebook } from '../../actors/room/rulebook.js';

const HELD_MS = limits.usernameHeldDays * 24 * 3_600_000;

/** The events of a command as `type account`, the reason of its refusal, `nothing`, or `not sent`. */
export type Ruling = readonly string[] | string;

export interface ModelRuling {
  readonly position: number;
  readonly isExtra: boolean;
  readonly ruling: Ruling;
}

interface Account {
  isDisabled: boolean;
  devices: string[];
  name: string;
}

interface Room {
  readonly rules: ReturnType<typeof openRulebook>;
  readonly name: string;
  topic: string;
}

/** A text of a payload or of personal data; empty if there is none. */
export function textIn(fields: Readonly<Record<string, unknown>> | null | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}

/** The fate of a command in the form of the model. */
export function rulingOf(fate: Fate): Ruling {
  switch (fate.kind) {
    case 'recorded':
      return fate.events.map(({ type, payload }) => `${type} ${textIn(payload, 'account')}`);
    case 'refused':
      return fate.reason;
    case 'notSent':
      return 'not sent';
    case 'nothing':
    case 'failed':
      return fate.kind;
  }
}

/** The events of each command, in the order of the log. */
export function commandsOf(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const groups: RecordedEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1)?.[0];
    const isSame = last?.stream === event.stream && last.metadata.commandId === event.metadata.commandId;
    if (isSame) groups.at(-1)?.push(event);
    else groups.push([event]);
  }
  return groups;
}

/** All rulings if the command of the event at position `dropped` is not sent. */
export function withoutEvent(events: readonly RecordedEvent[], dropped: number): readonly ModelRuling[] {
  const accounts = new Map<string, Account>();
  const rooms = new Map<string, Room>();
  /** By kind and folded name: the owner, and until when; null: for ever. */
  const owners = new Map<string, { owner: string; until: number | null }>();
  /** The real names at each moment, because people name rooms and targets. */
  const realNames = new Map<string, string>();
  const happened = new Set<string>();
  const rulings: ModelRuling[] = [];

  const ownerOf = (key: string, now: number): string | null => {
    const held = owners.get(key);
    return held === undefined || (held.until !== null && held.until <= now) ? null : held.owner;
  };
  const current = (key: string): string | null => {
    const held = owners.get(key);
    return held?.until === null ? held.owner : null;
  };
  const membersOf = ({ rules }: Room): readonly string[] => rules.state().members;
  const isOpen = (room: Room | undefined): boolean =>
    room !== undefined && !['unopened', 'closed'].includes(room.rules.state().phase);

  function account(command: AccountCommand, name: string, now: number): Ruling {
    const id = command.account;
    const known = accounts.get(id);
    switch (command.type) {
      case 'RegisterAccount': {
        if (known !== undefined) return 'USERNAME_TAKEN';
        const [key, device] = [`name ${name.toLowerCase()}`, `device ${command.device}`];
        if ((ownerOf(key, now) ?? id) !== id) return 'USERNAME_TAKEN';
        if ((ownerOf(device, now) ?? id) !== id) return 'ALREADY_LOGGED_IN';
        accounts.set(id, { isDisabled: false, devices: [command.device], name });
        owners.set(key, { owner: id, until: null });
        owners.set(device, { owner: id, until: null });
        return [`AccountRegistered ${id}`, `DeviceEnrolled ${id}`];
      }
      case 'EnrolDevice': {
        if (known === undefined) return 'LOGIN_FAILED';
        if (known.isDisabled) return 'ACCOUNT_DISABLED';
        if (known.devices.includes(command.device)) return 'nothing';
        if ((ownerOf(`device ${command.device}`, now) ?? id) !== id) return 'ALREADY_LOGGED_IN';
        known.devices.push(command.device);
        owners.set(`device ${command.device}`, { owner: id, until: null });
        return [`DeviceEnrolled ${id}`];
      }
      case 'RevokeDevice':
        if (known === undefined || known.isDisabled || !known.devices.includes(command.device))
          return 'NOT_ENROLLED';
        forget(known, id, command.device);
        return [`DeviceRevoked ${id}`];
      case 'RenameAccount': {
        if (known === undefined) return 'LOGIN_FAILED';
        if (known.isDisabled) return 'ACCOUNT_DISABLED';
        const key = `name ${name.toLowerCase()}`;
        if ((ownerOf(key, now) ?? id) !== id) return 'USERNAME_TAKEN';
        owners.set(`name ${known.name.toLowerCase()}`, { owner: id, until: command.at + HELD_MS });
        owners.set(key, { owner: id, until: null });
        known.name = name;
        return [`UsernameChanged ${id}`];
      }
      case 'DisableAccount': {
        if (known === undefined) return 'LOGIN_FAILED';
        if (known.isDisabled) return 'nothing';
        known.isDisabled = true;
        const lost = [...known.devices];
        for (const device of lost) forget(known, id, device);
        return [`AccountDisabled ${id}`, ...lost.map(() => `DeviceRevoked ${id}`)];
      }
      case 'RecordRedaction':
        return known === undefined ? 'LOGIN_FAILED' : [`PersonalDataRedacted ${id}`];
      case 'EnableAccount':
        if (known === undefined) return 'LOGIN_FAILED';
        if (!known.isDisabled) return 'nothing';
        known.isDisabled = false;
        return [`AccountEnabled ${id}`];
      case 'ChangePassword':
      case 'ThrottleLogin':
      case 'UnthrottleLogin':
      case 'RevokeAsOperator':
      case 'RenameAsOperator':
        throw new Error(`the histories have no ${command.type}`);
    }
  }

  function forget(known: Account, id: string, device: string): void {
    known.devices = known.devices.filter((one) => one !== device);
    if (owners.get(`device ${device}`)?.owner === id) owners.delete(`device ${device}`);
  }

  function targeted(target: string | null): string | null {
    if (target === null || accounts.has(target)) return target;
    return current(`name ${(realNames.get(`account-${target}`) ?? '').toLowerCase()}`);
  }

  function room(
    stream: string,
    command: RoomCommand,
    texts: Record<string, unknown>,
    isByPerson: boolean,
  ): Ruling {
    let id = stream;
    if (command.type === 'CreateRoom') {
      const name = textIn(texts, 'name');
      const key = `room ${name.toLowerCase()}`;
      if (current(key) !== null) return 'ROOM_NAME_TAKEN';
      const created = { rules: openRulebook(), name, topic: '' };
      rooms.set(stream, created);
      owners.set(key, { owner: stream, until: null });
      return created.rules.perform(command);
    }
    if (isByPerson && !isOpen(rooms.get(id))) {
      const named = current(`room ${(realNames.get(stream) ?? '').toLowerCase()}`);
      if (named === null) return 'ROOM_NOT_FOUND';
      id = named;
    }
    const known = rooms.get(id);
    if (known === undefined) return openRulebook().perform(command);
    let asked: RoomCommand = command;
    if ('target' in asked) asked = { ...asked, target: targeted(asked.target) } as RoomCommand;
    if (asked.type === 'ChangeTopic') asked = { ...asked, isSame: known.topic === texts['topic'] };
    if (asked.type === 'JoinRoom') {
      const { account: who } = asked;
      asked = {
        ...asked,
        roomsOfAccount: [...rooms.values()].filter((one) => membersOf(one).includes(who)).length,
      };
    }
    const ruling = known.rules.perform(asked);
    if (typeof ruling !== 'string') {
      if (asked.type === 'ChangeTopic') known.topic = textIn(texts, 'topic');
      if (!isOpen(known)) owners.delete(`room ${known.name.toLowerCase()}`);
    }
    return ruling;
  }

  for (const group of commandsOf(events)) {
    const [first] = group;
    if (first === undefined) continue;
    const { stream, position, metadata, recordedAt } = first;
    const texts = Object.assign({}, ...group.map(({ personal }) => personal)) as Record<string, unknown>;
    const command = metadata.command as unknown as AccountCommand | RoomCommand;
    const isDropped = group.some((event) => event.position === dropped);
    const hasCause = metadata.causationId === null || happened.has(metadata.causationId);
    const sender = metadata.account === null ? undefined : accounts.get(metadata.account);
    const isLoggedIn =
      metadata.account === null ||
      ['RegisterAccount', 'EnrolDevice'].includes(command.type) ||
      (sender?.isDisabled === false && sender.devices.includes(metadata.device ?? ''));
    let ruling: Ruling;
    if (isDropped || !hasCause) ruling = 'not sent';
    else if (!isLoggedIn) ruling = 'NOT_ENROLLED';
    else if (stream.startsWith('account-')) {
      ruling = account(command as AccountCommand, textIn(texts, 'username'), recordedAt);
    } else ruling = room(stream, command as RoomCommand, texts, metadata.account !== null);
    rulings.push({ position, isExtra: false, ruling });
    if (texts['username'] !== undefined) realNames.set(stream, textIn(texts, 'username'));
    if (command.type === 'CreateRoom') realNames.set(stream, textIn(texts, 'name'));
    if (typeof ruling === 'string') continue;
    for (const event of group) {
      if (ruling.includes(`${event.type} ${textIn(event.payload, 'account')}`)) {
        happened.add(`${event.stream}/${event.version}`);
      }
    }
    if (command.type !== 'DisableAccount') continue;
    // The tracker makes the account leave all its rooms. The log has the leaves that were needed in reality.
    const cause = `${stream}/${first.version}`;
    const recorded = new Set(
      events.filter((event) => event.metadata.causationId === cause).map((event) => event.stream),
    );
    for (const [id, one] of rooms) {
      if (recorded.has(id) || !membersOf(one).includes(command.account)) continue;
      const leave = { type: 'LeaveRoom', account: command.account, because: 'disabled' } as const;
      rulings.push({ position, isExtra: true, ruling: room(id, leave, {}, false) });
    }
  }
  return rulings;
}
