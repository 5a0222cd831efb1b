import test from 'ava';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import type { RoomEvent } from '../../../actors/room/events.js';
import { ann, ben, cat, dan } from '../people.js';
import { asked, DEADLINE, deserted, finished, happened, open, story } from './decider.js';

type Expected = readonly RoomEvent[] | { readonly refused: string } | 'nothing';

const unopened = { refused: 'ROOM_NOT_FOUND' };
const taken = { refused: 'ROOM_NAME_TAKEN' };

const given = {
  unopened: [],
  attended: open,
  unattended: deserted,
  closed: finished,
} as const satisfies Record<string, readonly RoomEvent[]>;
type State = keyof typeof given;

/** What one who may ask for it gets, in each state of the room: unopened, attended, unattended, closed. */
const table: Readonly<
  Record<RoomCommand['type'], readonly [RoomCommand, Expected, Expected, Expected, Expected]>
> = {
  CreateRoom: [asked.create(ann), [happened.created], taken, taken, taken],
  JoinRoom: [asked.join(dan), unopened, [happened.joined(dan)], [happened.joined(dan)], unopened],
  LeaveRoom: [
    asked.leave(cat),
    unopened,
    [happened.left(cat)],
    [happened.left(cat)],
    { refused: 'NOT_A_MEMBER' },
  ],
  RemoveMember: both(asked.remove(ann, ben), [happened.removed(ben)]),
  BanMember: both(asked.ban(ann, ben), [happened.banned(ben)]),
  UnbanMember: both(asked.unban(ann, dan), { refused: 'NOT_BANNED' }),
  InviteMember: both(asked.invite(ann, dan), [happened.invited(dan)]),
  PromoteMember: both(asked.promote(ann, ben), [happened.promoted(ben)]),
  DemoteAdmin: both(asked.demote(ann, ann), [
    happened.demoted(ann),
    happened.succeeded(ben, ann, 'steppedDown'),
  ]),
  NameSuccessor: both(asked.name(ann, cat), [happened.named(cat)]),
  ChangeTopic: both(asked.retitle(ann), [happened.retitled(ann)]),
  AdminsAbsent: [asked.miss(7), unopened, [happened.unattended(ann, 7)], 'nothing', unopened],
  AdminReturned: [asked.greet(ann), unopened, 'nothing', [happened.attended(ann)], unopened],
  Tick: [
    asked.tick(DEADLINE, cat),
    unopened,
    'nothing',
    [happened.succeeded(cat, ann, 'absent'), happened.attended(cat)],
    unopened,
  ],
};

/** An open room does it whether or not an admin is there; one that is not open cannot. */
function both(command: RoomCommand, done: Expected): (typeof table)['RemoveMember'] {
  return [command, unopened, done, done, unopened];
}

for (const [name, [command, ...expected]] of Object.entries(table)) {
  for (const [index, [state, events]] of Object.entries(given).entries()) {
    const expect = expected[index] ?? 'nothing';
    const then =
      expect === 'nothing'
        ? 'nothing is to be done'
        : 'refused' in expect
          ? expect.refused
          : expect.map(({ type }) => type).join(', ');
    test(`room: given it is ${state}, when ${name} comes, then ${then}`, story, {
      given: events,
      when: command,
      expect,
    });
  }
}

test('room: no command and no state is forgotten here', (t) => {
  t.deepEqual(Object.keys(table).toSorted(), [...roomAggregate.commands].toSorted());
  for (const [name, [command]] of Object.entries(table)) t.is(name, command.type);
  t.deepEqual(Object.keys(given).toSorted(), leavesOf(roomAggregate.machine.root).toSorted());
});

interface Node {
  readonly key: string;
  readonly states: Readonly<Record<string, Node>>;
}

function leavesOf({ key, states }: Node): readonly string[] {
  const below = Object.values(states);
  return below.length === 0 ? [key] : below.flatMap(leavesOf);
}

const states: readonly State[] = ['attended', 'unattended'];
for (const state of states) {
  const about = [asked.remove, asked.ban, asked.unban, asked.invite, asked.promote, asked.demote, asked.name];
  const commands = [...about.map((ask) => (account: typeof ann) => ask(account, cat)), asked.retitle];
  for (const ask of commands) {
    const { type } = ask(ann);
    test(`room: given it is ${state}, when ${type} comes from a stranger, then they are not in it`, story, {
      given: given[state],
      when: ask(dan),
      expect: { refused: 'NOT_A_MEMBER' },
    });
    test(`room: given it is ${state}, when ${type} comes from a member, then they may not`, story, {
      given: given[state],
      when: ask(ben),
      expect: { refused: 'NOT_ADMIN' },
    });
    test(
      `room: given it is ${state}, when ${type} comes from one who is banned, then they hear just that`,
      story,
      {
        given: [...given[state], happened.banned(ben)],
        when: ask(ben),
        expect: { refused: 'BANNED' },
      },
    );
    test(
      `room: given it is ${state}, when ${type} comes from one who was removed, then they are not in it`,
      story,
      {
        given: [...given[state], happened.removed(ben)],
        when: ask(ben),
        expect: { refused: 'NOT_A_MEMBER' },
      },
    );
    test(
      `room: given it is ${state}, when ${type} comes from one who has stepped down, then they may not`,
      story,
      {
        given: [...given[state], happened.promoted(ben), happened.demoted(ben)],
        when: ask(ben),
        expect: { refused: 'NOT_ADMIN' },
      },
    );
  }
}
