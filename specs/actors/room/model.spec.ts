import test from 'ava';
import * as fc from 'fast-check';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { RoomEvent } from '../../../actors/room/events.js';
import { type Decision, decide, initial } from '../../../core/actor/machine.js';
import { after } from '../../support/decider.js';
import { roomCommands } from './arbitraries.js';
import { openRulebook, type RoomState } from './rulebook.js';
import { roomStateOf } from './room-state.js';

const RUNS = 400;

type Snapshot = ReturnType<typeof newRoom>;
const newRoom = () => initial(roomAggregate, 'a');

const rulingOf = (decision: Decision<typeof roomAggregate.machine>) => {
  if (decision.kind === 'refused') return decision.reason;
  if (decision.kind === 'nothing') return 'nothing';
  return decision.events.map(({ type, account }) => `${type} ${account}`);
};

/** The rules that a room's state breaks. */
function faultsOf({
  phase,
  members,
  admins,
  successor,
  banned,
  invited,
  deadline,
}: RoomState): readonly string[] {
  const isOpen = phase === 'attended' || phase === 'unattended';
  const faults: (readonly [boolean, string])[] = [
    [isOpen !== members.length > 0, 'only an open room has members'],
    [isOpen !== admins.length > 0, 'only an open room has admins'],
    [new Set(members).size !== members.length, 'members are distinct'],
    [new Set(admins).size !== admins.length, 'admins are distinct'],
    [!admins.every((admin) => members.includes(admin)), 'admins are members'],
    [banned.some((outcast) => members.includes(outcast)), 'banned accounts are not members'],
    [
      invited.some((guest) => members.includes(guest) || banned.includes(guest)),
      'invited accounts are neither members nor banned',
    ],
    [
      successor !== null && (!members.includes(successor) || admins.includes(successor)),
      'the successor is a member and not an admin',
    ],
    [deadline !== null && phase === 'attended', 'only an unattended room has a deadline'],
  ];
  return faults.flatMap(([isBroken, rule]) => (isBroken ? [rule] : []));
}

test('room: given random commands, then each decision follows the rulebook and each state is valid', (t) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(roomCommands, (commands) => {
      const rules = openRulebook();
      let state: Snapshot = newRoom();
      const recorded: RoomEvent[] = [];
      for (const command of commands) {
        const before = roomStateOf(state);
        const decision = decide(roomAggregate, state, command);
        const ruling = rulingOf(decision);
        t.deepEqual(ruling, rules.perform(command), JSON.stringify(command));
        if (decision.kind === 'recorded') {
          state = decision.next;
          recorded.push(...decision.events);
        }
        const now = roomStateOf(state);
        t.deepEqual(now, rules.state(), JSON.stringify(command));
        t.deepEqual(faultsOf(now), []);
        const stayed = before.members.filter((member) => now.members.includes(member));
        t.deepEqual(
          now.members.slice(0, stayed.length),
          stayed,
          'members who stay keep their place before new ones',
        );
        for (const one of typeof ruling === 'string' ? [ruling] : ruling)
          seen.add(`${command.type} ${one.split(' ')[0]}`);
      }
      // The events are replayed without their personal data, because redaction may delete this data.
      const replayed = after(roomAggregate, recorded);
      t.deepEqual({ ...replayed.context }, { ...state.context });
      t.deepEqual(replayed.value, state.value);
    }),
    { numRuns: RUNS },
  );
  t.deepEqual(
    [...roomAggregate.commands].filter((command) => ![...seen].some((one) => one.startsWith(command))),
    [],
    'each command was decided at least once',
  );
  t.deepEqual(
    Object.keys(roomAggregate.events).filter((event) => ![...seen].some((one) => one.endsWith(` ${event}`))),
    [],
    'each event was recorded at least once',
  );
});
