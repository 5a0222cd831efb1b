// The answers of an open room to the operator's commands. The operator needs no membership. The rules that keep a room valid hold:
// a room with members has an admin.
import {
  type Fact,
  type NothingToDo,
  nothingToDo,
  record,
  type Refused,
  refuse,
} from '../../core/actor/record.js';
import { invariant } from '../../core/errors.js';
import type { OperatorRoomCommand, RoomCommand } from './commands.js';
import {
  hasTooManyBans,
  isTargetAdmin,
  isTargetAlone,
  isTargetBanned,
  isTargetNotAdmin,
  isTargetNotBanned,
  isTargetNotMember,
  isTargetOnlyAdmin,
  type RoomContext,
} from './context.js';
import type { RoomEvent } from './events.js';
import { successionAfter } from './succession.js';

type OperatorRefusal =
  | 'USER_NOT_A_MEMBER'
  | 'USER_NOT_ADMIN'
  | 'NOT_BANNED'
  | 'LAST_MEMBER'
  | 'TOO_MANY_BANS';

type Command<Type extends OperatorRoomCommand['type']> = Extract<RoomCommand, { readonly type: Type }>;
type Input = RoomCommand | Fact<RoomEvent>;
type Answer = RoomEvent | Refused<OperatorRefusal> | NothingToDo;

const recorded = <Type extends OperatorRoomCommand['type']>(
  events: (room: RoomContext, command: Command<Type>) => readonly RoomEvent[],
) => ({
  actions: record<RoomContext, Command<Type>, Input, Answer>(({ context, event }) => events(context, event)),
});

const refused = (reason: OperatorRefusal) =>
  refuse<RoomContext, Command<OperatorRoomCommand['type']>, Input, Answer>(reason);
const unchanged = () => nothingToDo<RoomContext, Command<OperatorRoomCommand['type']>, Input, Answer>();

/** The transitions of an open room. */
export const operatorTransitions = {
  RemoveAsOperator: [
    { guard: isTargetNotMember, actions: refused('USER_NOT_A_MEMBER') },
    recorded<'RemoveAsOperator'>((room, { target, personal }) => [
      { type: 'MemberRemoved', account: target, personal },
      ...afterRemoval(room, target),
    ]),
  ],
  BanAsOperator: [
    { guard: isTargetBanned, actions: unchanged() },
    { guard: isTargetNotMember, actions: refused('USER_NOT_A_MEMBER') },
    { guard: hasTooManyBans, actions: refused('TOO_MANY_BANS') },
    recorded<'BanAsOperator'>((room, { target, personal }) => [
      { type: 'MemberBanned', account: target, personal },
      ...afterRemoval(room, target),
    ]),
  ],
  UnbanAsOperator: [
    { guard: isTargetNotBanned, actions: refused('NOT_BANNED') },
    recorded<'UnbanAsOperator'>((_, { target, personal }) => [
      { type: 'MemberUnbanned', account: target, personal },
    ]),
  ],
  PromoteAsOperator: [
    { guard: isTargetNotMember, actions: refused('USER_NOT_A_MEMBER') },
    { guard: isTargetAdmin, actions: unchanged() },
    recorded<'PromoteAsOperator'>((_, { target, personal }) => [
      { type: 'AdminPromoted', account: target, personal },
    ]),
  ],
  DemoteAsOperator: [
    { guard: isTargetNotMember, actions: refused('USER_NOT_A_MEMBER') },
    { guard: isTargetNotAdmin, actions: refused('USER_NOT_ADMIN') },
    { guard: isTargetAlone, actions: refused('LAST_MEMBER') },
    recorded<'DemoteAsOperator'>((room, { target, personal }) => [
      { type: 'AdminDemoted', account: target, personal },
      ...successionAfter(room, target, 'demoted'),
    ]),
  ],
  TransferRoom: [
    { guard: isTargetNotMember, actions: refused('USER_NOT_A_MEMBER') },
    { guard: isTargetOnlyAdmin, actions: unchanged() },
    recorded<'TransferRoom'>(transferred),
  ],
  CloseRoom: recorded<'CloseRoom'>(closed),
};

/** A succession, or the end of a room whose last member was removed. */
function afterRemoval(room: RoomContext, account: RoomContext['members'][number]): readonly RoomEvent[] {
  if (room.members.length === 1) return [{ type: 'RoomClosed', account }];
  return successionAfter(room, account, 'removed');
}

/** The new admin comes first, so that the room has an admin after each event. */
function transferred(room: RoomContext, { target, personal }: Command<'TransferRoom'>): readonly RoomEvent[] {
  const promotion = { type: 'AdminPromoted', account: target, personal } as const;
  const others = room.admins.filter((admin) => admin !== target);
  return [
    ...(room.admins.includes(target) ? [] : [promotion]),
    ...others.map((account) => ({ type: 'AdminDemoted', account, personal }) as const),
  ];
}

function closed({ admins }: RoomContext, { personal }: Command<'CloseRoom'>): readonly RoomEvent[] {
  const [account] = admins;
  invariant(account !== undefined, 'an open room has no admin');
  return [{ type: 'RoomClosed', account, because: 'operator', personal }];
}
