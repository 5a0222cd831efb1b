// The class of every field of every event and command: how a capsule rewrites it. The compiler refuses a field without a class,
// and a capsule refuses a stored field without a class. Thus no new field leaves the tracker by accident.
import type { AccountCommand } from '../../actors/account/commands.js';
import type { AccountEvent } from '../../actors/account/events.js';
import type { RoomCommand } from '../../actors/room/commands.js';
import type { RoomEvent } from '../../actors/room/events.js';

/** A class of values without names and texts. A list as a class contains the words of the program that the value may be. */
export type FieldClass =
  /** An account, or null. */
  | 'account'
  /** Accounts, of which only those in the capsule are kept. */
  | 'accounts'
  | 'device'
  /** Milliseconds since the epoch, or null. */
  | 'time'
  | 'flag'
  | 'count'
  /** Positions in the log, of which only those in the capsule are kept. */
  | 'positions'
  | readonly string[];

/** A class of names and texts. Each name or text is replaced by a number. */
export type TextClass = 'user' | 'room' | 'topic' | 'reason' | 'terminal' | 'operator';

export interface EventClasses {
  readonly payload: Readonly<Record<string, FieldClass>>;
  readonly personal: Readonly<Record<string, TextClass>>;
}

type KeysOf<Union> = Union extends unknown ? keyof Union : never;
type OfType<Union, Type> = Extract<Union, { readonly type: Type }>;
/** Rehearsals set `limits`; no log has them. */
type FieldsOf<Union> = Exclude<KeysOf<Union>, 'type' | 'personal' | 'limits'>;
type TextsOf<Union> = Union extends { readonly personal?: infer Texts } ? KeysOf<NonNullable<Texts>> : never;

type ClassesOf<Event extends { readonly type: string }> = {
  readonly [Type in Event['type']]: {
    readonly payload: { readonly [Field in FieldsOf<OfType<Event, Type>>]: FieldClass };
    readonly personal: { readonly [Text in TextsOf<OfType<Event, Type>>]: TextClass };
  };
};
type CommandClassesOf<Command extends { readonly type: string }> = {
  readonly [Type in Command['type']]: {
    readonly [Field in FieldsOf<OfType<Command, Type>>]: FieldClass;
  };
};

const account = 'account' as const;
const about = { payload: { account }, personal: {} } as const;
const aboutWithReason = { payload: { account }, personal: { reason: 'reason' } } as const;
const ofDevice = { account, device: 'device' } as const;

const ofEvents: ClassesOf<RoomEvent | AccountEvent> = {
  RoomCreated: { payload: { account, isPrivate: 'flag' }, personal: { name: 'room' } },
  MemberJoined: about,
  MemberLeft: { payload: { account, because: ['disabled'] }, personal: {} },
  MemberRemoved: aboutWithReason,
  MemberBanned: aboutWithReason,
  MemberUnbanned: aboutWithReason,
  MemberInvited: about,
  AdminPromoted: aboutWithReason,
  AdminDemoted: aboutWithReason,
  AdminSucceeded: {
    payload: {
      account,
      after: account,
      because: ['left', 'steppedDown', 'absent', 'removed', 'demoted'],
    },
    personal: {},
  },
  SuccessorNamed: about,
  TopicChanged: { payload: { account }, personal: { topic: 'topic' } },
  RoomUnattended: { payload: { account, deadline: 'time' }, personal: {} },
  RoomAttended: about,
  RoomClosed: { payload: { account, because: ['operator'] }, personal: { reason: 'reason' } },

  AccountRegistered: { payload: { account }, personal: { username: 'user' } },
  UsernameChanged: {
    payload: { account, heldUntil: 'time' },
    personal: { username: 'user', formerly: 'user', reason: 'reason' },
  },
  PasswordChanged: about,
  DeviceEnrolled: { payload: ofDevice, personal: { name: 'terminal' } },
  DeviceRevoked: { payload: ofDevice, personal: { reason: 'reason' } },
  LoginThrottled: { payload: { account, until: 'time' }, personal: {} },
  LoginUnthrottled: about,
  AccountDisabled: aboutWithReason,
  AccountEnabled: aboutWithReason,
  PersonalDataRedacted: {
    payload: { account, positions: 'positions', isWhole: 'flag' },
    personal: { reason: 'reason', by: 'operator' },
  },
};

const asked = { account } as const;
const entering = { account, roomsOfAccount: 'count' } as const;
const aboutMember = { account, target: account } as const;
const asOperator = { target: account } as const;
const renaming = { account, at: 'time' } as const;

const ofCommands: CommandClassesOf<RoomCommand | AccountCommand> = {
  CreateRoom: { ...entering, isPrivate: 'flag' },
  JoinRoom: entering,
  LeaveRoom: { account, because: ['disabled'] },
  RemoveMember: aboutMember,
  BanMember: aboutMember,
  UnbanMember: aboutMember,
  InviteMember: aboutMember,
  PromoteMember: aboutMember,
  DemoteAdmin: aboutMember,
  NameSuccessor: aboutMember,
  ChangeTopic: { account, isSame: 'flag' },
  AdminsAbsent: { deadline: 'time' },
  AdminReturned: asked,
  Tick: { now: 'time', online: 'accounts' },
  RemoveAsOperator: asOperator,
  BanAsOperator: asOperator,
  UnbanAsOperator: asOperator,
  PromoteAsOperator: asOperator,
  DemoteAsOperator: asOperator,
  TransferRoom: asOperator,
  CloseRoom: {},

  RegisterAccount: ofDevice,
  EnrolDevice: ofDevice,
  RevokeDevice: ofDevice,
  RenameAccount: renaming,
  ChangePassword: asked,
  ThrottleLogin: { account, until: 'time' },
  UnthrottleLogin: asked,
  DisableAccount: asked,
  EnableAccount: asked,
  RevokeAsOperator: ofDevice,
  RenameAsOperator: renaming,
  RecordRedaction: { account, positions: 'positions', isWhole: 'flag' },
};

const eventClasses: ReadonlyMap<string, EventClasses> = new Map(Object.entries(ofEvents));
const commandClasses: ReadonlyMap<string, Readonly<Record<string, FieldClass>>> = new Map(
  Object.entries(ofCommands),
);

/** The classes of the fields of an event; undefined for a type without classes. */
export const classesOfEvent = (type: string): EventClasses | undefined => eventClasses.get(type);
/** The classes of the fields of a command; undefined for a type without classes. */
export const classesOfCommand = (type: string): Readonly<Record<string, FieldClass>> | undefined =>
  commandClasses.get(type);
