import test from 'ava';
import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  nat,
  oneof,
  option,
  record,
  tuple,
} from 'fast-check';
import { createHost } from '../../../core/actor/host.js';
import { InvariantError } from '../../../core/errors.js';
import { StoreUnavailableError } from '../../../core/events/errors.js';
import { createMemoryStore } from '../../../core/events/memory-store.js';
import type { EventStore, NewReceipt } from '../../../core/events/store.js';
import { countedSalts, handClock, receipt, signHead } from '../events/samples.js';
import { openEngine } from '../events/temporary.js';
import { type LoanDeskCommand, loanDesk } from './loan-desk.js';
import { borrow, close, giveBack, open } from './given.js';

const all = { fromPosition: 1, limit: 10_000 };

const memoryStore = () => createMemoryStore({ clock: handClock(), newSalt: countedSalts(), signHead });

function counting(store: EventStore) {
  const appends: number[] = [];
  const append: EventStore['append'] = (asked) => {
    appends.push(asked.events.length);
    return store.append(asked);
  };
  return { store: { ...store, append }, appends };
}

interface Told {
  readonly id: string;
  readonly command: LoanDeskCommand;
  readonly kept: NewReceipt | null;
}

function tellerOf(store: EventStore) {
  const host = createHost({ store, aggregates: [loanDesk], clock: handClock() });
  return ({ id, command, kept }: Told) =>
    host
      .send({
        kind: 'desk',
        id,
        command,
        metadata: {
          account: 'ann',
          device: 'ann-1',
          commandId: kept?.commandId ?? '',
          correlationId: '',
          causationId: null,
          traceparent: null,
        },
        ...(kept && { receipt: kept, secrets: [{ owner: id, value: kept.commandId }] }),
      })
      .then(
        (value) => ({ value }),
        (error: unknown) => ({ error: error instanceof Error ? error.message : error }),
      );
}

const at = (id: string, command: LoanDeskCommand, kept: NewReceipt | null = null): Told => ({
  id,
  command,
  kept,
});

const forged = { type: 'Lent', reader: 'eve', dueAt: 1 } as unknown as LoanDeskCommand;
const usual = constantFrom(
  open,
  close,
  ...['ann', 'bob', 'cid'].flatMap((reader) => [borrow(reader), giveBack(reader)]),
);
// Rare: a forged command causes the commands sent with it to be appended one by one.
const command = oneof({ arbitrary: usual, weight: 80 }, { arbitrary: constant(forged), weight: 1 });
const told = record({
  id: constantFrom('d1', 'd1', 'd1', 'd2'),
  command,
  kept: option(
    tuple(nat(30), nat(9)).map(([id, content]) =>
      receipt(`r${id}`, { digest: content === 0 ? 'of something else' : 'the same' }),
    ),
  ),
});

test('fold: commands sent at once have the same outcomes and the same log as commands sent one after another', async (t) => {
  let folded = 0;
  await assert(
    asyncProperty(array(told, { maxLength: 60 }), async (script) => {
      const onDesk = script.filter(({ id }) => id === 'd1');
      const apart = memoryStore();
      const one = tellerOf(apart);
      const expected: unknown[] = [];
      for (const item of onDesk) expected.push(await one(item));
      const together = counting(memoryStore());
      const outcomes = await Promise.all(onDesk.map(tellerOf(together.store)));
      t.deepEqual(outcomes, expected);
      t.deepEqual(await together.store.readRows(all), await apart.readRows(all));
      t.is(await together.store.secret('d1'), await apart.secret('d1'));
      folded += together.appends.filter((length) => length > 2).length;
    }),
    { examples: [[[open, borrow('ann'), borrow('bob'), borrow('cid')].map((sent) => at('d1', sent))]] },
  );
  t.true(folded > 0);
});

test('fold: commands for two desks with one title are decided as if sent separately, in SQL too', async (t) => {
  const { store } = await openEngine(t);
  const tell = tellerOf(store);
  const script = [at('d1', open), at('d2', borrow('ann')), at('d2', open), at('d2', borrow('bob'))];
  const outcomes = await Promise.all(script.map(tell));
  t.like(outcomes, [
    { value: { kind: 'done' } },
    { value: { reason: 'NOT_OPEN' } },
    { value: { reason: 'TITLE_TAKEN' } },
    { value: { reason: 'NOT_OPEN' } },
  ]);
});

test('fold: given a full mailbox, then it takes few appends, and each command is done once, even when all are sent again', async (t) => {
  const engine = await openEngine(t);
  const { store, appends } = counting(engine.store);
  const tell = tellerOf(store);
  const script = [at('d1', open)];
  for (let n = 0; n < 200; n += 1) script.push(at('d1', borrow(`reader ${n}`), receipt(`r${n}`)));
  const first = await Promise.all(script.map(tell));
  t.true(first.every((outcome) => 'value' in outcome && outcome.value.kind === 'done'));
  t.deepEqual(appends, [1, 64, 64, 64, 8]);
  const again = await Promise.all(script.slice(1).map(tell));
  for (const [n, outcome] of again.entries()) {
    t.deepEqual(outcome, { value: { kind: 'repeated', outcome: { positions: [n + 2] } } });
  }
  t.is((await store.head()).position, 201);
});

test('fold: given a command that cannot be stored, then only that command fails', async (t) => {
  const { store } = await openEngine(t);
  const tell = tellerOf(store);
  const kept = receipt('bad', {
    outcome: () => {
      throw new InvariantError('no outcome');
    },
  });
  const script = [
    at('d1', open),
    at('d1', borrow('ann')),
    at('d1', borrow('bob'), kept),
    at('d1', borrow('cid')),
  ];
  t.like(await Promise.all(script.map(tell)), [
    { value: { kind: 'done', version: 1 } },
    { value: { kind: 'done', version: 2 } },
    { error: 'no outcome' },
    { value: { kind: 'done', version: 3 } },
  ]);
});

test('fold: given a database that fails, then no command is acknowledged, and all can be done again', async (t) => {
  const memory = memoryStore();
  let isFull = false;
  const append: EventStore['append'] = async (asked) => {
    if (isFull) throw new StoreUnavailableError('disk full');
    return memory.append(asked);
  };
  const tell = tellerOf({ ...memory, append });
  await tell(at('d1', open));
  isFull = true;
  const script = ['ann', 'bob', 'cid'].map((reader) => at('d1', borrow(reader), receipt(reader)));
  for (const outcome of await Promise.all(script.map(tell))) t.deepEqual(outcome, { error: 'disk full' });
  isFull = false;
  t.like(
    await Promise.all(script.map(tell)),
    [2, 3, 4].map((version) => ({ value: { kind: 'done', version } })),
  );
});
