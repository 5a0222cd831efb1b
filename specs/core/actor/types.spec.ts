// The compiler's checks on authors of machines and senders of commands. If a forbidden line compiles, the build fails.
import test from 'ava';
import { setup } from 'xstate';
import { defineAggregate } from '../../../core/actor/aggregate.js';
import { createHost } from '../../../core/actor/host.js';
import { machineTypes, record, refuse } from '../../../core/actor/record.js';
import { createMemoryStore } from '../../../core/events/memory-store.js';
import { countedSalts, handClock, signHead } from '../events/samples.js';
import { loanDesk } from './loan-desk.js';
import { borrow } from './given.js';

interface Steps {
  readonly idLength: number;
}
type WalkCommand = { type: 'Go'; who: string; personal: { why: string } } | { type: 'Clash' };
type WalkEvent = { type: 'Went'; who: string; personal: { why: string } } | { type: 'Clash' };

const machine = setup({ types: machineTypes<Steps, WalkCommand, WalkEvent, 'NO' | 'NEVER'>() }).createMachine(
  {
    context: ({ input }) => ({ idLength: input.id.length }),
    on: {
      Go: [
        { actions: record(({ event }) => [{ type: 'Went', who: event.who, personal: event.personal }]) },
        // @ts-expect-error the machine has no such event
        { actions: record(() => [{ type: 'Flew' }]) },
        // @ts-expect-error the event has a personal part
        { actions: record(({ event }) => [{ type: 'Went', who: event.who }]) },
        // @ts-expect-error the machine has no such reason
        { actions: refuse('MAYBE') },
        { actions: refuse('NEVER', ({ context, event }) => ({ id: context.idLength, who: event.who })) },
      ],
      // @ts-expect-error evolving never sees the personal part
      Went: { guard: ({ event }) => event.personal === undefined },
    },
  },
);

const common = {
  machine,
  machineVersion: 1,
  reservations: () => [],
  reserved: () => ({ reason: 'NO', detail: {} }),
};
const walk = defineAggregate({ ...common, kind: 'walk', commands: ['Go'], events: { Went: 1, Clash: 1 } });

test('types: a word cannot be both a command and an event, and every event has a version', (t) => {
  // @ts-expect-error a command cannot have the name of an event
  t.throws(() => defineAggregate({ ...walk, commands: ['Clash'] }));
  // @ts-expect-error the event Clash has no version
  t.notThrows(() => defineAggregate({ ...walk, events: { Went: 1 } }));
});

test("types: a host accepts each kind's own commands and returns its own state", async (t) => {
  const clock = handClock();
  const store = createMemoryStore({ clock, newSalt: countedSalts(), signHead });
  const host = createHost({ store, aggregates: [loanDesk, walk], clock });
  const ids = { commandId: 'c', correlationId: 'c', causationId: null };
  const metadata = { account: null, device: null, traceparent: null, ...ids };
  const go = { type: 'Go', who: 'ann', personal: { why: 'fun' } } as const;
  t.is((await host.send({ kind: 'walk', id: 'w1', command: go, metadata })).kind, 'done');
  // @ts-expect-error a desk's command is not a walk's command
  await t.throwsAsync(host.send({ kind: 'walk', id: 'w1', command: borrow('ann'), metadata }));
  // @ts-expect-error there is no such kind
  await t.throwsAsync(host.send({ kind: 'swim', id: 's1', command: go, metadata }));
  const length: number = (await host.peek('walk', 'w1')).context.idLength;
  t.is(length, 2);
  const loans: readonly { readonly dueAt: number }[] = (await host.peek('desk', 'd1')).context.loans;
  t.deepEqual(loans, []);
});
