import test from 'ava';
import * as fc from 'fast-check';
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  assign,
  type EventObject,
  fromPromise,
  raise,
  setup,
} from 'xstate';
import { accountAggregate } from '../../../actors/account/aggregate.js';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { Aggregate } from '../../../core/actor/aggregate.js';
import { machineTypes, nothingToDo, record } from '../../../core/actor/record.js';
import { firstStep, type Step, step, stepByXState } from '../../../core/actor/transition.js';
import { InvariantError, messageOf } from '../../../core/errors.js';
import { loanDesk } from './loan-desk.js';

type Outcome = Step | { readonly thrown: string };

function outcomeOf(work: () => Step): Outcome {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof InvariantError)) throw thrown;
    return { thrown: messageOf(thrown) };
  }
}

/** Everything that a snapshot holds. Its nodes are compared by their ids. */
function plain(outcome: Outcome) {
  if ('thrown' in outcome) return outcome;
  const { next, emitted } = outcome;
  const { _nodes: nodes, machine: _, tags, ...fields } = next;
  const ids = (nodes as readonly { readonly id: string }[]).map(({ id }) => id);
  // The text also compares the order of the fields, which the digests of a replay cover.
  return {
    emitted,
    fields,
    ids: ids.toSorted(),
    tags: [...tags].toSorted(),
    text: JSON.stringify([emitted, next.value, next.context]),
  };
}

/** Takes the same steps with and without XState, and compares the results of each. Returns the number of steps without XState. */
function compare(
  t: { readonly deepEqual: (actual: unknown, expected: unknown) => unknown },
  machine: AnyStateMachine,
  events: readonly EventObject[],
): number {
  let short = 0;
  let state: AnyMachineSnapshot = firstStep(machine, 'id').next;
  for (const event of events) {
    const [taken, expected] = [step, stepByXState].map((take) =>
      outcomeOf(() => take(machine, state, event)),
    );
    if (taken === undefined || expected === undefined) throw new Error('a step has no outcome');
    t.deepEqual(plain(taken), plain(expected));
    if ('thrown' in taken) continue;
    // XState makes a new value for each new state.
    if (taken.next !== state && taken.next.value === state.value) short += 1;
    state = taken.next;
  }
  return short;
}

const id = fc.constantFrom('A', 'B', 'C', 'D');
const ids = fc.uniqueArray(id);
const fields = fc.record({
  account: id,
  after: id,
  target: fc.option(id, { freq: 4 }),
  device: id,
  reader: id,
  online: ids,
  positions: fc.constant([1]),
  isPrivate: fc.boolean(),
  isWhole: fc.boolean(),
  isSame: fc.boolean(),
  because: fc.constantFrom('left', 'disabled'),
  copies: fc.nat(2),
  roomsOfAccount: fc.constantFrom(0, 1_000_000),
  deadline: fc.option(fc.nat(9)),
  now: fc.nat(9),
  at: fc.nat(9),
  dueAt: fc.nat(9),
  until: fc.nat(9),
  heldUntil: fc.nat(9),
  limits: fc.constantFrom({}, { membersPerRoom: 2, bansPerRoom: 1, invitationsPerRoom: 1, usernamesHeld: 1 }),
  personal: fc.constant({ name: 'n', reason: 'r', topic: 't', username: 'u', formerly: 'f', title: 'x' }),
});

const aggregates: readonly Aggregate[] = [loanDesk, roomAggregate, accountAggregate];
for (const { kind, machine, commands, events } of aggregates) {
  test(`transition: the machine ${kind} takes every step as in XState, after random events and commands`, (t) => {
    const types = [...commands, ...Object.keys(events)];
    const event = fc
      .tuple(fc.constantFrom(...types), fields)
      .map(([type, more]): EventObject => ({ ...more, type }));
    let short = 0;
    t.notThrows(() =>
      fc.assert(
        fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (sequence) => {
          const opening = [commands[0], ...Object.keys(events).slice(0, 1)].map((type) => ({
            account: 'A',
            device: 'A',
            copies: 2,
            personal: {},
            isPrivate: false,
            roomsOfAccount: 0,
            type: String(type),
          }));
          short += compare(t, machine, [...opening, ...sequence]);
        }),
        { numRuns: 25 },
      ),
    );
    t.true(short > 0);
  });
}

type OddCommand = { readonly type: 'Go' | 'Ask' | 'Fail' | 'Skip' | 'Both' | 'Echo' | 'Wait' };
type OddEvent = { readonly type: 'Gone' | 'Asked' | 'Told' | 'Echoed' };

const odd = setup({
  types: machineTypes<{ readonly count: number }, OddCommand, OddEvent, never>(),
}).createMachine({
  id: 'odd',
  context: { count: 0 },
  type: 'parallel',
  states: {
    left: {
      initial: 'off',
      on: {
        Ask: { actions: [assign({ count: 5 }), record(() => [{ type: 'Asked' }, { type: 'Gone' }])] },
        Both: { actions: [record(() => [{ type: 'Gone' }, { type: 'Asked' }]), nothingToDo()] },
        Echo: { actions: [raise({ type: 'Echoed' }), record(() => [{ type: 'Asked' }])] },
        Asked: { actions: assign(({ context }) => ({ count: context.count + 1 })) },
        Echoed: { actions: record(() => [{ type: 'Told' }]) },
        Told: { actions: assign(({ context }) => ({ count: context.count * 2 })) },
        Skip: {},
        Fail: {
          actions: assign(() => {
            throw new Error('an assignment failed');
          }),
        },
      },
      states: {
        off: { on: { Gone: 'on' } },
        on: { entry: raise({ type: 'Told' }), exit: assign({ count: 1 }), on: { Gone: 'off' }, tags: 'lit' },
      },
    },
    right: {
      initial: 'idle',
      states: {
        idle: {
          on: { Go: { actions: assign({ count: ({ context }) => context.count + 3 }) }, Wait: 'busy' },
        },
        busy: { on: { Go: 'idle', Told: { actions: assign({ count: 7 }) }, Asked: { actions: [] } } },
      },
    },
  },
});

const eventless = setup({
  types: machineTypes<{ readonly count: number }, OddCommand, OddEvent, never>(),
}).createMachine({
  id: 'eventless',
  context: { count: 0 },
  initial: 'low',
  on: { Go: { actions: assign({ count: ({ context }) => context.count + 1 }) } },
  states: {
    low: { always: { guard: ({ context }) => context.count > 2, target: 'high' } },
    high: { on: { Go: { target: 'low', actions: assign({ count: 0 }) } } },
  },
});

const nested = setup({
  types: machineTypes<{ readonly count: number }, OddCommand, OddEvent, never>(),
}).createMachine({
  id: 'nested',
  context: { count: 0 },
  initial: 'low',
  on: {
    Wait: { target: '.low.deep', actions: assign({ count: ({ context }) => context.count + 1 }) },
    Both: { target: '.high', reenter: true, actions: record(() => [{ type: 'Asked' }]) },
    Ask: { actions: record(() => [{ type: 'Gone' }, { type: 'Told' }, { type: 'Asked' }]) },
    Told: { actions: assign({ count: ({ context }) => context.count * 2 }) },
  },
  states: {
    low: {
      initial: 'flat',
      tags: ['lit', 'low'],
      states: {
        flat: { on: { Gone: 'deep' } },
        deep: { tags: 'deep', on: { Go: '#nested.high', Gone: 'flat' } },
      },
    },
    high: {
      initial: 'one',
      on: { Echo: { target: '.two' }, Skip: { target: 'high', reenter: true }, Gone: 'low', Asked: '.two' },
      states: { one: { on: { Go: 'two' } }, two: { on: { Go: { reenter: true }, Fail: 'one' } } },
    },
  },
});

for (const machine of [odd, eventless, nested]) {
  test(`transition: the machine ${machine.id} with states that no aggregate has takes every step as in XState`, (t) => {
    const types = ['Go', 'Ask', 'Fail', 'Skip', 'Both', 'Echo', 'Wait', 'Gone', 'Asked', 'Told', 'Echoed'];
    const event = fc.constantFrom(...types).map((type): EventObject => ({ type }));
    t.notThrows(() =>
      fc.assert(
        fc.property(fc.array(event, { maxLength: 30 }), (sequence) => {
          compare(t, machine, sequence);
        }),
        { numRuns: 25 },
      ),
    );
  });
}

test('transition: an event that a machine does not handle leaves its state as the same object', (t) => {
  const { next } = firstStep(roomAggregate.machine, 'id');
  t.is(step(roomAggregate.machine, next, { type: 'MemberJoined' }).next, next);
});

test('transition: given an assignment that spawns an actor, then the step fails', (t) => {
  const machine = setup({ actors: { other: fromPromise(async () => 1) } }).createMachine({
    id: 'parent',
    context: {},
    on: { Go: { actions: assign(({ spawn }) => ({ child: spawn('other').id })) } },
  });
  const { next } = firstStep(machine, 'id');
  t.throws(() => step(machine, next, { type: 'Go' }), {
    instanceOf: InvariantError,
    message: /must not execute "xstate.spawnChild"/,
  });
});
