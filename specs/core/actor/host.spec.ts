import { EventEmitter, once } from 'node:events';
import test from 'ava';
import { createHost, type HostLimits } from '../../../core/actor/host.js';
import type { Outcome } from '../../../core/actor/request.js';
import { InvariantError } from '../../../core/errors.js';
import { StoreUnavailableError } from '../../../core/events/errors.js';
import { createMemoryStore } from '../../../core/events/memory-store.js';
import type { EventStore, NewReceipt } from '../../../core/events/store.js';
import { countedSalts, handClock, receipt, signHead } from '../events/samples.js';
import { openEngine } from '../events/temporary.js';
import { type LoanDeskCommand, loanDesk } from './loan-desk.js';
import { borrow, close, giveBack, open, plain } from './given.js';

const all = { fromPosition: 1, limit: 10_000 };
const metadata = {
  account: 'ann',
  device: 'ann-1',
  commandId: 'c-1',
  correlationId: 'c-1',
  causationId: null,
  traceparent: null,
};

const memoryStore = (clock = handClock()) => createMemoryStore({ clock, newSalt: countedSalts(), signHead });

function hostOn(store: EventStore, limits: HostLimits = {}, clock = handClock()) {
  const host = createHost({ store, aggregates: [loanDesk], clock, limits });
  const tell = (
    id: string,
    command: LoanDeskCommand,
    kept?: NewReceipt,
    secrets = [{ owner: id, value: 'hush' }],
  ) => host.send({ kind: 'desk', id, command, metadata, ...(kept && { receipt: kept, secrets }) });
  return { host, tell };
}

const titled = (title: string): LoanDeskCommand => ({ type: 'OpenDesk', copies: 1, personal: { title } });
const kinds = (outcomes: readonly Outcome[]) => outcomes.map(({ kind }) => kind);

test('host: given a command that is done, then the log has its event, actor and cause, with the personal part stored apart', async (t) => {
  const store = memoryStore();
  const { tell } = hostOn(store);
  const outcome = await tell('d1', open);
  t.like(outcome, { kind: 'done', version: 1, events: [{ type: 'DeskOpened', stream: 'desk-d1' }] });
  const [event] = await store.readAll(all);
  t.like(event, { payload: { copies: 2 }, personal: { title: 'Solaris' }, schemaVersion: 1 });
  t.deepEqual(event?.metadata, { ...metadata, command: { type: 'OpenDesk', copies: 2 } });
});

test('host: given a refused command or one with nothing to do, then the log is unchanged', async (t) => {
  const store = memoryStore();
  const { tell } = hostOn(store);
  t.deepEqual(await tell('d1', borrow('ann')), { kind: 'refused', reason: 'NOT_OPEN', detail: {} });
  await tell('d1', open);
  await tell('d1', borrow('ann'));
  t.deepEqual(await tell('d1', borrow('ann')), { kind: 'done', events: [], version: 2 });
  t.is((await store.head()).position, 2);
});

test('host: given a name that another aggregate has, then the kind refuses it, and the name is free again once released', async (t) => {
  const { tell } = hostOn((await openEngine(t)).store);
  await tell('d1', titled('Solaris'));
  const taken = { kind: 'refused', reason: 'TITLE_TAKEN', detail: { title: 'solaris' } };
  t.deepEqual(await tell('d2', titled('SOLARIS')), taken);
  t.is((await tell('d1', close)).kind, 'done');
  t.is((await tell('d2', titled('SOLARIS'))).kind, 'done');
});

test('host: given concurrent commands for one name, then one is done', async (t) => {
  const { tell } = hostOn((await openEngine(t)).store);
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => tell(`d${n}`, titled('Solaris'))));
  t.is(kinds(outcomes).filter((kind) => kind === 'done').length, 1);
  t.is(kinds(outcomes).filter((kind) => kind === 'refused').length, 19);
});

test('host: given identical commands sent at once, then they take effect once, and all get the first outcome', async (t) => {
  const { store } = await openEngine(t);
  const { tell } = hostOn(store);
  await tell('d1', open);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => tell('d1', borrow('ann'), receipt('r'))),
  );
  t.is(kinds(outcomes).filter((kind) => kind === 'done').length, 1);
  for (const outcome of outcomes.slice(1))
    t.deepEqual(outcome, { kind: 'repeated', outcome: { positions: [2] } });
  t.is((await store.head()).position, 2);
});

test('host: given a retry that the current state would refuse, then it gets the first outcome', async (t) => {
  const { tell } = hostOn(memoryStore());
  await tell('d1', open, receipt('r'));
  t.deepEqual(await tell('d1', open, receipt('r')), { kind: 'repeated', outcome: { positions: [1] } });
  t.like(await tell('d1', open, receipt('another')), { kind: 'refused', reason: 'ALREADY_OPEN' });
});

test('host: refusals are not stored, so the same command may succeed later', async (t) => {
  const { tell } = hostOn(memoryStore());
  t.is((await tell('d1', borrow('ann'), receipt('r'))).kind, 'refused');
  await tell('d1', open);
  t.is((await tell('d1', borrow('ann'), receipt('r'))).kind, 'done');
});

test('host: given a command id that was used for another command, then it is refused', async (t) => {
  const { tell } = hostOn(memoryStore());
  await tell('d1', open, receipt('r'));
  const other = receipt('r', { digest: 'of something else' });
  const refused = { kind: 'refused', reason: 'COMMAND_ID_REUSED', detail: { commandId: 'r' } };
  t.deepEqual(await tell('d1', borrow('ann'), other), refused);
  t.deepEqual(await tell('d1', open, other), refused);
});

test('host: secrets are stored with the events of a command, and never without events', async (t) => {
  const store = memoryStore();
  const { tell } = hostOn(store);
  await tell('d1', borrow('ann'), receipt('refused'));
  t.is(await store.secret('d1'), null);
  await tell('d1', open, receipt('done'));
  t.is(await store.secret('d1'), 'hush');
  await tell('d1', borrow('ann'));
  await tell('d1', borrow('ann'), receipt('nothing'), [{ owner: 'd1', value: 'changed' }]);
  t.is(await store.secret('d1'), 'hush');
});

test('host: given a second host on the database, then both decide on the same state', async (t) => {
  const first = await openEngine(t);
  const second = await openEngine(t, { file: first.file });
  const here = hostOn(first.store);
  const there = hostOn(second.store);
  await here.tell('d1', open);
  t.is((await there.tell('d1', borrow('ann'))).kind, 'done');
  t.deepEqual(kinds([await here.tell('d1', borrow('bob')), await there.tell('d1', borrow('cid'))]), [
    'done',
    'done',
  ]);
  t.like(await here.tell('d1', close), { kind: 'refused', reason: 'STILL_LENT' });
  for (const reader of ['ann', 'bob', 'cid']) await there.tell('d1', giveBack(reader));
  t.like(await here.tell('d1', giveBack('ann')), { kind: 'refused', reason: 'NOT_BORROWED' });
  t.is((await here.tell('d1', close)).kind, 'done');
  const states = [await here.host.peek('desk', 'd1'), await there.host.peek('desk', 'd1')];
  t.deepEqual(states.map(plain), [
    { value: 'closed', context: { copies: 2, loans: [], waiting: [] }, status: 'active' },
    { value: 'closed', context: { copies: 2, loans: [], waiting: [] }, status: 'active' },
  ]);
});

test('host: given hosts that race for one aggregate, then nothing is lost and nothing is done twice', async (t) => {
  const { store } = await openEngine(t);
  const hosts = [hostOn(store), hostOn(store), hostOn(store)];
  await hostOn(store).tell('d1', titled('Solaris'));
  const outcomes = await Promise.all(
    hosts.flatMap(({ tell }, h) =>
      Array.from({ length: 20 }, (_, n) => tell('d1', borrow(`reader ${h}.${n}`))),
    ),
  );
  t.true(outcomes.every(({ kind }) => kind === 'done'));
  const types = (await store.readAll(all)).map(({ type }) => type);
  t.is(types.filter((type) => type === 'Lent').length, 1);
  t.is(types.filter((type) => type === 'Queued').length, 59);
});

test('host: given a store that always conflicts, then the host answers busy after its last retry', async (t) => {
  const clock = handClock();
  let appends = 0;
  const append = async () => {
    appends += 1;
    clock.advance(400);
    return { kind: 'conflict' } as const;
  };
  const { tell } = hostOn({ ...memoryStore(clock), append }, {}, clock);
  t.deepEqual(await tell('d1', open), { kind: 'busy', retryAfterMs: 250 });
  t.is(appends, 3);
});

/** A store whose appends wait until they are released. */
function heldStore() {
  const store = memoryStore();
  const gate = new EventEmitter();
  const released = once(gate, 'open');
  const append: EventStore['append'] = async (asked) => {
    await released;
    return store.append(asked);
  };
  return { store: { ...store, append }, release: () => gate.emit('open') };
}

test('host: given a full mailbox, then it answers busy at once, and the accepted commands are done', async (t) => {
  const { store, release } = heldStore();
  const { tell } = hostOn(store, { mailbox: 2 });
  const taken = [tell('d1', open), tell('d1', borrow('ann')), tell('d1', borrow('bob'))];
  t.is((await tell('d1', borrow('cid'))).kind, 'busy');
  const elsewhere = tell('d2', titled('Eden'));
  release();
  t.deepEqual(kinds(await Promise.all(taken)), ['done', 'done', 'done']);
  t.is((await elsewhere).kind, 'done');
});

test('host: given that it is drained, then it has answered earlier commands and accepts no more', async (t) => {
  const { store, release } = heldStore();
  const { host, tell } = hostOn(store);
  const before = [tell('d1', open), tell('d1', borrow('ann'))];
  const drained = host.drain();
  t.is((await tell('d1', borrow('bob'))).kind, 'busy');
  release();
  await drained;
  t.deepEqual(kinds(await Promise.all(before)), ['done', 'done']);
});

test('host: aggregates beyond the limit are unloaded, and load again unchanged', async (t) => {
  const memory = memoryStore();
  let readings = 0;
  const readStream: EventStore['readStream'] = (...args) => {
    readings += 1;
    return memory.readStream(...args);
  };
  const { tell } = hostOn({ ...memory, readStream }, { live: 2 });
  for (const id of ['d1', 'd2', 'd1', 'd3']) await tell(id, id === 'd1' ? borrow('ann') : titled(id));
  await tell('d1', open);
  const before = readings;
  t.is((await tell('d1', borrow('ann'))).kind, 'done');
  t.is(readings, before);
  t.is((await tell('d2', borrow('bob'))).kind, 'done');
  t.is(readings, before + 1);
});

test('host: given a store that fails, then the command is not acknowledged, and the next one reads the stored state', async (t) => {
  const memory = memoryStore();
  const fail = { before: false, after: false };
  const append: EventStore['append'] = async (asked) => {
    if (fail.before) throw new StoreUnavailableError('disk full');
    const appended = await memory.append(asked);
    if (fail.after) throw new StoreUnavailableError('power lost after the write');
    return appended;
  };
  const { tell } = hostOn({ ...memory, append });
  await tell('d1', titled('Solaris'));
  fail.before = true;
  await t.throwsAsync(tell('d1', borrow('ann'), receipt('r')), { instanceOf: StoreUnavailableError });
  fail.before = false;
  fail.after = true;
  await t.throwsAsync(tell('d1', borrow('ann'), receipt('r')), { instanceOf: StoreUnavailableError });
  fail.after = false;
  t.deepEqual(await tell('d1', borrow('ann'), receipt('r')), {
    kind: 'repeated',
    outcome: { positions: [2] },
  });
  t.like(await tell('d1', borrow('bob')), { kind: 'done', version: 3, events: [{ type: 'Queued' }] });
});

test('host: given a restart on the log, then every aggregate is unchanged', async (t) => {
  const { store, file } = await openEngine(t);
  const before = hostOn(store);
  for (const id of ['d1', 'd2']) {
    for (const command of [titled(id), borrow('ann'), borrow('bob'), giveBack('ann')])
      await before.tell(id, command);
  }
  const after = hostOn((await openEngine(t, { file })).store);
  for (const id of ['d1', 'd2']) {
    t.deepEqual(plain(await after.host.peek('desk', id)), plain(await before.host.peek('desk', id)));
  }
  t.is((await after.host.peek('desk', 'unheard of')).value, 'unopened');
});

test('host: given a value that is not a command of the kind, then it never reaches the machine', async (t) => {
  const { host, tell } = hostOn(memoryStore());
  await tell('d1', open);
  const forged = { type: 'Lent', reader: 'eve', dueAt: 1 } as unknown as LoanDeskCommand;
  await t.throwsAsync(tell('d1', forged), { instanceOf: InvariantError, message: /"Lent" is not a command/ });
  t.deepEqual((await host.peek('desk', 'd1')).context.loans, []);
  t.is((await tell('d1', borrow('ann'))).kind, 'done');
  const elsewhere: string = 'kitchen';
  await t.throwsAsync(host.send({ kind: elsewhere as 'desk', id: 'd1', command: open, metadata }), {
    instanceOf: InvariantError,
  });
});

test('host: many concurrent aggregates keep their own order', async (t) => {
  const { store } = await openEngine(t);
  const { tell } = hostOn(store);
  const ids = Array.from({ length: 20 }, (_, n) => `d${n}`);
  const outcomes = await Promise.all(
    ids.flatMap((id) => [titled(id), borrow('ann'), borrow('bob'), giveBack('ann')].map((c) => tell(id, c))),
  );
  t.true(outcomes.every(({ kind }) => kind === 'done'));
  for (const id of ids) {
    const types = (await store.readStream(`desk-${id}`, { fromVersion: 1, limit: 1_000 })).map(
      ({ type }) => type,
    );
    t.deepEqual(types, ['DeskOpened', 'Lent', 'Queued', 'Returned', 'Lent']);
  }
});
