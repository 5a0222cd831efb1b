import test from 'ava';
import * as fc from 'fast-check';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import type { RoomEvent } from '../../../actors/room/events.js';
import { decide, initial } from '../../../core/actor/machine.js';
import type { AccountId } from '../../../core/ids.js';
import { after } from '../../support/decider.js';
import { ann, ben, cat, dan } from '../people.js';

const account = fc.constantFrom(ann, ben, cat, dan);
const roomsOfAccount = fc.constantFrom(0, 0, 0, 100);
const command: fc.Arbitrary<RoomCommand> = fc.oneof(
  fc.record({
    type: fc.constant('CreateRoom' as const),
    account,
    roomsOfAccount,
    isPrivate: fc.boolean(),
    personal: fc.constant({ name: 'Lobby' }),
  }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant('JoinRoom' as const), account, roomsOfAccount }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('LeaveRoom' as const), account }) },
);
const commands = fc.array(command, { maxLength: 60 });

type Snapshot = ReturnType<typeof newRoom>;
const newRoom = () => initial(roomAggregate, 'a');
const plain = ({ value, context }: Snapshot) => ({ value, context });

/** Does `commands`, those refused included; `check` sees the state before and after each. */
function live(
  commands: readonly RoomCommand[],
  check: (before: Snapshot, now: Snapshot, events: readonly RoomEvent[]) => void = () => {},
) {
  let state = newRoom();
  const events: RoomEvent[] = [];
  for (const command of commands) {
    const decision = decide(roomAggregate, state, command);
    const now = decision.kind === 'recorded' ? decision.next : state;
    check(state, now, decision.kind === 'recorded' ? decision.events : []);
    if (decision.kind === 'recorded') events.push(...decision.events);
    state = now;
  }
  return { state, events };
}

const isOpen = (value: Snapshot['value']): boolean => typeof value === 'object';

const stayed = (all: readonly AccountId[], others: readonly AccountId[]) =>
  all.filter((one) => others.includes(one));

test('room: replaying what was recorded, without what redaction may delete, gives the same state', (t) => {
  fc.assert(
    fc.property(commands, (commands) => {
      const { state, events } = live(commands);
      t.deepEqual(plain(after(roomAggregate, events)), plain(state));
    }),
  );
});

test('room: an open room has members, one of them an admin, and every admin is a member; any other has none', (t) => {
  fc.assert(
    fc.property(commands, (commands) => {
      live(commands, (_, { value, context: { members, admins } }) => {
        t.is(new Set(members).size, members.length);
        t.is(new Set(admins).size, admins.length);
        t.true(admins.every((admin) => members.includes(admin)));
        t.is(admins.length > 0, isOpen(value));
        t.is(members.length > 0, isOpen(value));
      });
    }),
  );
});

test('room: who stays keeps their place, and who comes is the last', (t) => {
  fc.assert(
    fc.property(commands, (commands) => {
      live(commands, ({ context: before }, { context: now }, events) => {
        t.deepEqual(stayed(before.members, now.members), stayed(now.members, before.members));
        for (const event of events) {
          if (event.type === 'MemberJoined') t.is(now.members.at(-1), event.account);
        }
      });
    }),
  );
});

test('room: somebody is promoted only when no admin is left, and it is the first of those who stay', (t) => {
  fc.assert(
    fc.property(commands, (commands) => {
      live(commands, ({ context: before }, { context: now }, events) => {
        const successions = events.filter((event) => event.type === 'AdminSucceeded');
        t.true(successions.length <= 1);
        for (const event of successions) {
          t.deepEqual(before.admins, [event.after]);
          t.deepEqual([event.account], now.members.slice(0, 1));
          t.deepEqual([event.account], now.admins);
        }
      });
    }),
  );
});
