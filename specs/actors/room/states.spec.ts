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

/** The result of each command from a permitted account, in each state of the room: unopened, attended, unattended, closed. */
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
  RemoveAsOperator: both(asked.operator('RemoveAsOperator', ann), [
    happened.removed(ann),
    happened.succeeded(ben, ann, 'removed'),
  ]),
  BanAsOperator: both(asked.operator('BanAsOperator', ann), [
    happened.banned(ann),
    happened.succeeded(ben, ann, 'removed'),
  ]),
  UnbanAsOperator: both(asked.operator('UnbanAsOperator', dan), { refused: 'NOT_BANNED' }),
  PromoteAsOperator: both(asked.operator('PromoteAsOperator', ben), [happened.promotedByOperator(ben)]),
  DemoteAsOperator: both(asked.operator('DemoteAsOperator', ann), [
    happened.demotedByOperator(ann),
    happened.succeeded(ben, ann, 'demoted'),
  ]),
  TransferRoom: both(asked.operator('TransferRoom', cat), [
    happened.promotedByOperator(cat),
    happened.demotedByOperator(ann),
  ]),
  CloseRoom: both(asked.close(), [happened.closedByOperator(ann)]),
};

/** A command with the same result in both open states; a room that is not open refuses it. */
function both(command: RoomCommand, done: Expected): (typeof table)['RemoveMember'] {
  return [command, unopened, done, done, unopened];
}

for (const [name, [command, ...expected]] of Object.entries(table)) {
  for (const [index, [state, events]] of Object.entries(given).entries()) {
    const expect = expected[index] ?? 'nothing';
    const then =
      expect === 'nothing'
        ? 'nothing changes'
        : 'refused' in expect
          ? expect.refused
          : expect.map(({ type }) => type).join(', ');
    test(`room: given state ${state}, when it receives ${name}, then ${then}`, story, {
      given: events,
      when: command,
      expect,
    });
  }
}

test('room: the table has every command and every state', (t) => {
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
    test(
      `room: given state ${state}, when a stranger sends ${type}, then the refusal is NOT_A_MEMBER`,
      story,
      {
        given: given[state],
        when: ask(dan),
        expect: { refused: 'NOT_A_MEMBER' },
      },
    );
    test(
      `room: given state ${state}, when a member who is not an admin sends ${type}, then the refusal is NOT_ADMIN`,
      story,
      {
        given: given[state],
        when: ask(ben),
        expect: { refused: 'NOT_ADMIN' },
      },
    );
    test(
      `room: given state ${state}, when a banned account sends ${type}, then the refusal is BANNED`,
      story,
      {
        given: [...given[state], happened.banned(ben)],
        when: ask(ben),
        expect: { refused: 'BANNED' },
      },
    );
    test(
      `room: given state ${state}, when a removed member sends ${type}, then the refusal is NOT_A_MEMBER`,
      story,
      {
        given: [...given[state], happened.removed(ben)],
        when: ask(ben),
        expect: { refused: 'NOT_A_MEMBER' },
      },
    );
    test(
      `room: given state ${state}, when a former admin sends ${type}, then the refusal is NOT_ADMIN`,
      story,
      {
        given: [...given[state], happened.promoted(ben), happened.demoted(ben)],
        when: ask(ben),
        expect: { refused: 'NOT_ADMIN' },
      },
    );
  }
}
