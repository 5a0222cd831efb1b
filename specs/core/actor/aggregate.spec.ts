import test from 'ava';
import { setup } from 'xstate';
import { addressOf, defineAggregate, streamOf } from '../../../core/actor/aggregate.js';
import { machineTypes } from '../../../core/actor/record.js';
import { InvariantError } from '../../../core/errors.js';

type Word = { readonly type: 'Go' } | { readonly type: 'Stay' };
const typed = setup({
  types: machineTypes<Record<string, never>, Word, { readonly type: 'Went' }, 'NO'>(),
  delays: { long: 1_000 },
});
const still = typed.createMachine({ id: 'still', context: {} });
const common = { reservations: () => [], reserved: () => ({ reason: 'NO', detail: {} }) };

const define = (changes: object) =>
  defineAggregate({
    kind: 'walk',
    machine: still,
    commands: ['Go'],
    events: { Went: 1 },
    machineVersion: 1,
    ...common,
    ...changes,
  });

test('aggregate: it has the parts of its definition', (t) => {
  t.like(define({}), { kind: 'walk', commands: ['Go'], events: { Went: 1 } });
});

const faults = {
  'a kind that would not parse': [{ kind: 'walk-2' }, /lower-case/],
  'a command that is also an event': [{ commands: ['Went'] }, /a command and an event/],
  'a command that is an answer': [{ commands: ['Refused'] }, /a command and an event/],
  'a wildcard for a command': [{ commands: ['*'] }, /a command and an event/],
  'an event without a schema version': [{ events: { Went: 0 } }, /no schema version/],
  'a later schema version without an upcaster': [{ events: { Went: 2 } }, /one upcaster from version 1/],
  'a final state': [
    { machine: typed.createMachine({ context: {}, initial: 'a', states: { a: { type: 'final' } } }) },
    /is final/,
  ],
  'a state that waits for time': [
    { machine: typed.createMachine({ context: {}, initial: 'a', states: { a: { after: { long: {} } } } }) },
    /has a delay/,
  ],
} as const;

for (const [fault, [changes, message]] of Object.entries(faults)) {
  test(`aggregate: ${fault} is a broken invariant`, (t) => {
    t.throws(() => define(changes), { instanceOf: InvariantError, message });
  });
}

test('aggregate: a stream names the kind and the id, for any id', (t) => {
  for (const id of ['01J', 'a-b', '-', 'x\ny'])
    t.deepEqual(addressOf(streamOf('walk', id)), { kind: 'walk', id });
  for (const stream of ['walk', '-x', 'Walk-1', 'walk-', '']) t.is(addressOf(stream), null);
});
