import test from 'ava';
import * as fc from 'fast-check';
import { raise, setup } from 'xstate';
import { defineAggregate } from '../../../core/actor/aggregate.js';
import { decide, evolve, initial } from '../../../core/actor/machine.js';
import { machineTypes, nothingToDo, record, refuse } from '../../../core/actor/record.js';
import { InvariantError } from '../../../core/errors.js';
import { type LoanDeskCommand, loanDesk } from './loan-desk.js';
import { borrow, close, giveBack, live, newDesk, open, plain, replayed } from './given.js';

test('desk: given an open desk, when somebody borrows, then a copy is lent', (t) => {
  const decision = decide(loanDesk, live([open]).state, borrow('ann'));
  t.like(decision, { kind: 'recorded', events: [{ type: 'Lent', reader: 'ann', dueAt: 14 }] });
});

test('desk: given waiting readers, when a copy is returned, then the same decision lends it again', (t) => {
  const { state } = live([open, borrow('ann'), borrow('bob'), borrow('cid')]);
  const decision = decide(loanDesk, state, giveBack('ann'));
  if (decision.kind !== 'recorded') {
    t.fail(decision.kind);
    return;
  }
  t.deepEqual(
    decision.events.map(({ type }) => type),
    ['Returned', 'Lent'],
  );
  t.deepEqual(
    decision.next.context.loans.map(({ reader }) => reader),
    ['bob', 'cid'],
  );
});

test('desk: a refusal has its reason and detail, and changes nothing', (t) => {
  const { state } = live([open, borrow('ann')]);
  const refused = { kind: 'refused', reason: 'NOT_BORROWED', detail: { readers: ['ann'] } };
  t.deepEqual(decide(loanDesk, state, giveBack('bob')), refused);
  t.deepEqual(decide(loanDesk, newDesk(), borrow('ann')), {
    kind: 'refused',
    reason: 'NOT_OPEN',
    detail: {},
  });
});

test('desk: given a loan, when the same reader borrows again, then there is nothing to do', (t) => {
  t.deepEqual(decide(loanDesk, live([open, borrow('ann')]).state, borrow('ann')), { kind: 'nothing' });
});

test('machine: the personal part is in the recorded event and never in the state', (t) => {
  const decision = decide(loanDesk, newDesk(), open);
  if (decision.kind !== 'recorded') {
    t.fail(decision.kind);
    return;
  }
  t.deepEqual(decision.events, [{ type: 'DeskOpened', copies: 2, personal: { title: 'Solaris' } }]);
  t.false(JSON.stringify(plain(decision.next)).includes('Solaris'));
});

const readers = fc.constantFrom('ann', 'bob', 'cid', 'dan');
const commands = fc.array(
  fc.oneof(
    { arbitrary: fc.constant(open), weight: 2 },
    { arbitrary: fc.constant(close), weight: 1 },
    { arbitrary: readers.map(borrow), weight: 5 },
    { arbitrary: readers.map(giveBack), weight: 4 },
  ),
  { maxLength: 40 },
);

test('machine: replaying the stored events alone gives the identical state', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(commands, (given) => {
        const { state, events } = live(given);
        const stored: typeof events = JSON.parse(JSON.stringify(events));
        t.deepEqual(plain(replayed(stored)), plain(state));
      }),
    ),
  );
});

test('machine: given a domain event or an unknown word, then it is never accepted as a command', (t) => {
  const { state } = live([open]);
  for (const type of ['Lent', 'DeskClosed', 'Refused', 'xstate.stop', '*', '', 'toString']) {
    const forged = { type, reader: 'eve', dueAt: 1 } as unknown as LoanDeskCommand;
    t.throws(() => decide(loanDesk, state, forged), {
      instanceOf: InvariantError,
      message: /is not a command/,
    });
  }
  // @ts-expect-error: as a command, the type of a domain event does not compile
  t.throws(() => decide(loanDesk, state, { type: 'Lent', reader: 'eve', dueAt: 1 }));
});

test('machine: given an event that the aggregate does not know, then its state is unchanged', (t) => {
  for (const type of ['Borrow', 'Burnt', 'xstate.stop', 'toString']) {
    t.throws(() => evolve(loanDesk, newDesk(), { type, schemaVersion: 1, payload: {} }), {
      instanceOf: InvariantError,
    });
  }
});

test('machine: a payload cannot pretend to be another event', (t) => {
  const payload = { type: 'DeskOpened', copies: 9 };
  t.is(evolve(loanDesk, newDesk(), { type: 'Queued', schemaVersion: 1, payload }).value, 'unopened');
});

type OddCommand = { readonly type: `Do${number}` };
type OddEvent = { readonly type: 'Done' } | { readonly type: 'Strange' };

const odd = defineAggregate({
  kind: 'odd',
  machine: setup({
    types: machineTypes<Record<string, never>, OddCommand, OddEvent, 'NO'>(),
    guards: {
      broken: () => {
        throw new Error('a guard fell over');
      },
    },
  }).createMachine({
    id: 'odd',
    context: {},
    on: {
      Do2: { actions: [refuse('NO'), record(() => [{ type: 'Done' }])] },
      Do3: { actions: [record(() => [{ type: 'Done' }]), nothingToDo()] },
      Do4: { guard: 'broken', actions: nothingToDo() },
      Do5: { actions: [nothingToDo(), () => {}] },
      Do6: { actions: [nothingToDo(), raise({ type: 'Done' }, { delay: 10 })] },
      Do7: { actions: record(() => [{ type: 'Strange' }]) },
      Do9: { actions: record(() => []) },
      Strange: { actions: refuse('NO') },
    },
  }),
  commands: ['Do1', 'Do2', 'Do3', 'Do4', 'Do5', 'Do6', 'Do7', 'Do9'],
  events: { Done: 1, Strange: 1 },
  machineVersion: 1,
  reservations: () => [],
  reserved: () => ({ reason: 'NO', detail: {} }),
});

const faults = {
  'no answer at all': ['Do1', /gave no answer/],
  'a refusal and an event': ['Do2', /more than one answer/],
  'an event and nothing to do': ['Do3', /is not a domain event/],
  'a guard that throws': ['Do4', /threw an error for Do4: .*a guard fell over/s],
  'an action with a side effect': ['Do5', /must not execute/],
  'a delayed event': ['Do6', /must not execute "xstate.raise"/],
  'an event handler that answers': ['Do7', /is not a domain event/],
  'an empty list of events': ['Do9', /gave no answer/],
} as const;

for (const [fault, [type, message]] of Object.entries(faults)) {
  test(`machine: ${fault} is a broken invariant`, (t) => {
    t.throws(() => decide(odd, initial(odd, 'o1'), { type }), { instanceOf: InvariantError, message });
  });
}

test('machine: given an event handler that answers, then it is also detected when evolving', (t) => {
  t.throws(() => evolve(odd, initial(odd, 'o1'), { type: 'Strange', schemaVersion: 1, payload: {} }), {
    instanceOf: InvariantError,
    message: /only commands may be answered/,
  });
});
