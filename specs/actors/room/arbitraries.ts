// Random commands to a room, mostly from likely members and some from strangers.
import * as fc from 'fast-check';
import type { RoomCommand } from '../../../actors/room/commands.js';
import type { AccountId } from '../../../core/ids.js';
import { ann, ben, cat, dan, eve, fay, gus, hal } from '../people.js';

const everybody: readonly AccountId[] = [ann, ben, cat, dan, eve, fay, gus, hal];

const account = fc.constantFrom(...everybody);
/** Mostly the first few accounts, so that they meet in the room. */
const insider = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(ann, ann, ben, cat) }, account);
const target = fc.oneof({ weight: 12, arbitrary: account }, { weight: 1, arbitrary: fc.constant(null) });
const roomsOfAccount = fc.constantFrom(0, 0, 0, 0, 0, 0, 100);

const type = <const Type extends RoomCommand['type']>(name: Type) => fc.constant(name);
const about = <const Type extends RoomCommand['type']>(name: Type) =>
  fc.record({ type: type(name), account: insider, target });
const withReason = <const Type extends RoomCommand['type']>(name: Type) =>
  fc.record({ type: type(name), account: insider, target, personal: fc.constant({ reason: 'noise' }) });

const byOperator = <const Type extends RoomCommand['type']>(name: Type) =>
  fc.record({ type: type(name), target: account, personal: fc.constant({ reason: 'noise' }) });

/** One arbitrary for each type of command. */
const byType: { readonly [Type in RoomCommand['type']]: fc.Arbitrary<Extract<RoomCommand, { type: Type }>> } =
  {
    CreateRoom: fc.record({
      type: type('CreateRoom'),
      account: insider,
      roomsOfAccount,
      isPrivate: fc.boolean(),
      personal: fc.constant({ name: 'Lobby' }),
    }),
    JoinRoom: fc.record({ type: type('JoinRoom'), account, roomsOfAccount }),
    LeaveRoom: fc.record({ type: type('LeaveRoom'), account }),
    RemoveMember: withReason('RemoveMember'),
    BanMember: withReason('BanMember'),
    UnbanMember: about('UnbanMember'),
    InviteMember: about('InviteMember'),
    PromoteMember: about('PromoteMember'),
    DemoteAdmin: about('DemoteAdmin'),
    NameSuccessor: about('NameSuccessor'),
    ChangeTopic: fc.record({
      type: type('ChangeTopic'),
      account: insider,
      isSame: fc.boolean(),
      personal: fc.constant({ topic: 'weather' }),
    }),
    AdminsAbsent: fc.record({ type: type('AdminsAbsent'), deadline: fc.option(fc.nat(20), { freq: 4 }) }),
    AdminReturned: fc.record({ type: type('AdminReturned'), account }),
    Tick: fc.record({ type: type('Tick'), now: fc.nat(40), online: fc.subarray([...everybody]) }),
    RemoveAsOperator: byOperator('RemoveAsOperator'),
    BanAsOperator: byOperator('BanAsOperator'),
    UnbanAsOperator: byOperator('UnbanAsOperator'),
    PromoteAsOperator: byOperator('PromoteAsOperator'),
    DemoteAsOperator: byOperator('DemoteAsOperator'),
    TransferRoom: byOperator('TransferRoom'),
    CloseRoom: fc.record({ type: type('CloseRoom'), personal: fc.constant({ reason: 'noise' }) }),
  };

/** Commands that fill a room are more frequent than those that empty it. */
const WEIGHTS: Partial<Record<RoomCommand['type'], number>> = {
  JoinRoom: 8,
  InviteMember: 4,
  BanMember: 3,
  UnbanMember: 4,
  LeaveRoom: 1,
  RemoveAsOperator: 1,
  BanAsOperator: 1,
};

/** Closing a room ends its history, so it is rarer than the other commands. */
const CLOSE_ONE_IN = 150;

const { CloseRoom: closing, ...others } = byType;
const otherCommand: fc.Arbitrary<RoomCommand> = fc.oneof(
  ...Object.entries(others).map(([name, arbitrary]: [string, fc.Arbitrary<RoomCommand>]) => ({
    weight: new Map<string, number>(Object.entries(WEIGHTS)).get(name) ?? 2,
    arbitrary,
  })),
);

const roomCommand: fc.Arbitrary<RoomCommand> = fc.oneof(
  { weight: CLOSE_ONE_IN - 1, arbitrary: otherCommand },
  { weight: 1, arbitrary: closing },
);

/** A creation followed by any commands; sometimes without the creation. */
export const roomCommands: fc.Arbitrary<readonly RoomCommand[]> = fc
  .tuple(byType.CreateRoom, fc.array(roomCommand, { maxLength: 120, size: 'max' }))
  .map(([first, others]) => (others.length % 7 === 0 ? others : [first, ...others]));
