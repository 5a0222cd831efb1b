// The contract of every event store, regardless of its storage.
import test, { type ExecutionContext } from 'ava';
import { GENESIS, verifyChain } from '../../../core/events/chain.js';
import type { Appended, EventStore, ReservationChange } from '../../../core/events/store.js';
import { append, event, handClock, isHeadSigned, receipt, START } from './samples.js';

type OpenStore = (t: ExecutionContext, clock: ReturnType<typeof handClock>) => Promise<EventStore>;

const all = { fromPosition: 1, limit: 1_000 };
/** A change that holds a name of Ann's until a time. */
const holding = (name: string | null, until: number): ReservationChange => {
  return { action: 'hold', kind: 'name', name, owner: 'ann', until };
};

const claim = (name: string, owner: string): ReservationChange => ({
  action: 'claim',
  kind: 'name',
  name,
  owner,
});
const noOutcome = () => {
  throw new Error('no outcome');
};
const kinds = (appended: readonly Appended[]) => appended.map(({ kind }) => kind);

export function specifyStore(name: string, open: OpenStore): void {
  const spec = (
    title: string,
    body: (t: ExecutionContext, store: EventStore, clock: Clock) => Promise<void>,
  ) =>
    test(`${name}: ${title}`, async (t) => {
      const clock = handClock();
      await body(t, await open(t, clock), clock);
    });
  type Clock = ReturnType<typeof handClock>;

  spec('an empty log has the genesis head', async (t, store) => {
    t.deepEqual(await store.head(), { ...GENESIS, signature: '' });
    t.deepEqual(await store.readAll(all), []);
    t.deepEqual(await store.readStream('a', { fromVersion: 1, limit: 1_000 }), []);
  });

  spec('appended events are read back the same, by stream and by position', async (t, store) => {
    const rich = event('Said', {
      schemaVersion: 3,
      payload: { list: [1, 'two', null, { three: 3.5 }], text: 'ü\u0000"\\\ud83d\ude00' },
      personal: { name: 'Ann', odd: '\u2028\ud800' },
    });
    const first = await store.append(append('a', 0, { events: [event('Begun'), rich] }));
    await store.append(append('b', 0));
    await store.append(append('a', 2));
    if (first.kind !== 'appended') throw new Error(first.kind);
    t.like(first.events[1], { ...rich, position: 2, stream: 'a', version: 2, recordedAt: START });
    const log = await store.readAll(all);
    t.deepEqual(
      log.map(({ position, stream, version }) => [position, stream, version]),
      [
        [1, 'a', 1],
        [2, 'a', 2],
        [3, 'b', 1],
        [4, 'a', 3],
      ],
    );
    t.deepEqual(log.slice(0, 2), [...first.events]);
    t.deepEqual(await store.readStream('a', { fromVersion: 2, limit: 1_000 }), [log[1], log[3]]);
    t.deepEqual(await store.readAll({ fromPosition: 2, limit: 2 }), log.slice(1, 3));
  });

  spec('an event without a personal part has neither salt nor digest', async (t, store) => {
    await store.append(append('a', 0, { events: [event('Plain'), event('Named', { personal: { n: 1 } })] }));
    const [plain, named] = await store.readAll(all);
    t.like(plain, { personal: null, salt: null, personalDigest: null });
    t.truthy(named?.salt);
    t.truthy(named?.personalDigest);
  });

  spec('the rows form an intact chain up to the signed head', async (t, store) => {
    for (let version = 0; version < 5; version += 1) await store.append(append('a', version));
    const { signature, ...head } = await store.head();
    t.deepEqual(verifyChain(GENESIS, await store.readRows(all)), { kind: 'intact', head, redacted: 0 });
    t.true(isHeadSigned(head, signature));
    t.false(isHeadSigned({ ...head, position: 4 }, signature));
  });

  spec('given a stream shorter or longer than expected, then the append is a conflict', async (t, store) => {
    await store.append(append('a', 0));
    const tried = [await store.append(append('a', 0)), await store.append(append('a', 2))];
    t.deepEqual(kinds(tried), ['conflict', 'conflict']);
    t.is((await store.head()).position, 1);
  });

  spec(
    'given concurrent appends to one version, then one succeeds, and positions stay dense',
    async (t, store) => {
      const racing = Array.from({ length: 30 }, (_, n) => store.append(append(`s${n % 3}`, 0)));
      const won = kinds(await Promise.all(racing)).filter((kind) => kind === 'appended');
      t.is(won.length, 3);
      t.deepEqual(
        (await store.readAll(all)).map(({ position }) => position),
        [1, 2, 3],
      );
    },
  );

  spec('a refused append leaves nothing behind', async (t, store) => {
    await store.append(append('owner', 0, { reservations: [claim('lamp', 'owner')] }));
    const refused = await store.append(
      append('other', 0, {
        reservations: [claim('chair', 'other'), claim('lamp', 'other')],
        secrets: [{ owner: 'other', value: 'hush' }],
        receipts: [receipt('r')],
      }),
    );
    t.deepEqual(refused, { kind: 'reserved', reservation: { kind: 'name', name: 'lamp' } });
    t.is(await store.reservation('name', 'chair'), null);
    t.is(await store.secret('other'), null);
    t.is(await store.receipt('ann-1', 'r'), null);
    t.is((await store.readStream('other', { fromVersion: 1, limit: 1_000 })).length, 0);
  });

  spec(
    'given concurrent claims of one name, then one succeeds, and no other append is affected',
    async (t, store) => {
      const claims = Array.from({ length: 20 }, (_, n) =>
        store.append(
          append(`s${n}`, 0, { reservations: [claim(n % 2 === 0 ? 'lamp' : `own${n}`, `s${n}`)] }),
        ),
      );
      const outcomes = kinds(await Promise.all(claims));
      t.is(outcomes.filter((kind) => kind === 'appended').length, 11);
      t.is(outcomes.filter((kind) => kind === 'reserved').length, 9);
      t.is((await store.head()).position, 11);
      t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
    },
  );

  spec('a name can be claimed again by its owner, and by another owner once released', async (t, store) => {
    const reserve = async (version: number, ...reservations: ReservationChange[]) =>
      (await store.append(append('a', version, { reservations }))).kind;
    t.is(await reserve(0, claim('lamp', 'ann')), 'appended');
    t.is(await reserve(1, claim('lamp', 'ann')), 'appended');
    t.is(await reserve(2, { action: 'release', kind: 'name', name: 'lamp', owner: 'bob' }), 'appended');
    t.is(await reserve(3, claim('lamp', 'bob')), 'reserved');
    t.is(await reserve(3, { action: 'release', kind: 'name', name: 'lamp', owner: 'ann' }), 'appended');
    t.is(await reserve(4, claim('lamp', 'bob')), 'appended');
    t.deepEqual(await store.reservation('name', 'lamp'), { owner: 'bob', until: null });
    t.is(await store.reservation('other kind', 'lamp'), null);
  });

  spec('releasing all names of a kind does not affect other kinds and owners', async (t, store) => {
    const reservations: ReservationChange[] = [
      claim('a', 'ann'),
      claim('b', 'ann'),
      claim('c', 'bob'),
      { action: 'claim', kind: 'seat', name: 'a', owner: 'ann' },
      { action: 'release', kind: 'name', name: null, owner: 'ann' },
    ];
    await store.append(append('a', 0, { reservations }));
    const owners = [
      await store.reservation('name', 'a'),
      await store.reservation('name', 'b'),
      await store.reservation('name', 'c'),
      await store.reservation('seat', 'a'),
    ];
    t.deepEqual(
      owners.map((held) => held?.owner ?? null),
      [null, null, 'bob', 'ann'],
    );
  });

  spec('a hold keeps a name from other owners until its time, and no longer', async (t, store, clock) => {
    const hold = { action: 'hold', kind: 'name', name: 'lamp', owner: 'ann', until: START + 10 } as const;
    await store.append(append('a', 0, { reservations: [claim('lamp', 'ann'), hold] }));
    t.is((await store.append(append('b', 0, { reservations: [claim('lamp', 'bob')] }))).kind, 'reserved');
    t.deepEqual(await store.reservation('name', 'lamp'), { owner: 'ann', until: START + 10 });
    clock.advance(10);
    t.is(await store.reservation('name', 'lamp'), null);
    t.is((await store.append(append('b', 0, { reservations: [claim('lamp', 'bob')] }))).kind, 'appended');
    t.deepEqual(await store.reservation('name', 'lamp'), { owner: 'bob', until: null });
  });

  spec(
    'holding all names of a kind does not affect earlier holds, other kinds and owners',
    async (t, store) => {
      const reservations: ReservationChange[] = [
        claim('a', 'ann'),
        claim('b', 'ann'),
        holding('b', START + 5),
        claim('c', 'bob'),
        { action: 'claim', kind: 'seat', name: 'a', owner: 'ann' },
        holding(null, START + 10),
        claim('d', 'ann'),
      ];
      await store.append(append('a', 0, { reservations }));
      const untils = [
        await store.reservation('name', 'a'),
        await store.reservation('name', 'b'),
        await store.reservation('name', 'c'),
        await store.reservation('name', 'd'),
        await store.reservation('seat', 'a'),
      ];
      t.deepEqual(
        untils.map((held) => held?.until),
        [START + 10, START + 5, null, null, null],
      );
      await store.append(append('a', 1, { reservations: [holding(null, START + 20), claim('a', 'ann')] }));
      t.deepEqual(await store.reservation('name', 'a'), { owner: 'ann', until: null });
      t.deepEqual(await store.reservation('name', 'd'), { owner: 'ann', until: START + 20 });
    },
  );

  spec('a receipt is stored with its events and checked before anything else', async (t, store) => {
    await store.append(append('a', 0, { receipts: [receipt('r')] }));
    const kept = { scope: 'ann-1', commandId: 'r', digest: 'digest of r', outcome: { positions: [1] } };
    t.deepEqual(await store.receipt('ann-1', 'r'), kept);
    const again = await store.append(append('a', 0, { receipts: [receipt('new'), receipt('r')] }));
    t.deepEqual(again, { kind: 'duplicate', receipt: kept });
    t.is(await store.receipt('ann-1', 'new'), null);
    const elsewhere = await store.append(append('a', 1, { receipts: [receipt('r', { scope: 'bob-1' })] }));
    t.is(elsewhere.kind, 'appended');
  });

  spec('given concurrent appends with one receipt, then one happens', async (t, store) => {
    const racing = Array.from({ length: 20 }, (_, n) =>
      store.append(append(`s${n}`, 0, { receipts: [receipt('r')] })),
    );
    const outcomes = kinds(await Promise.all(racing));
    t.is(outcomes.filter((kind) => kind === 'appended').length, 1);
    t.is(outcomes.filter((kind) => kind === 'duplicate').length, 19);
    t.is((await store.head()).position, 1);
  });

  spec('given a receipt without events, then it is stored, and the head is unchanged', async (t, store) => {
    const appended = await store.append(append('a', 0, { events: [], receipts: [receipt('r')] }));
    t.deepEqual(appended, { kind: 'appended', events: [] });
    t.deepEqual((await store.receipt('ann-1', 'r'))?.outcome, { positions: [] });
    t.deepEqual(await store.head(), { ...GENESIS, signature: '' });
    t.is((await store.append(append('a', 5, { events: [], receipts: [receipt('q')] }))).kind, 'conflict');
  });

  spec('receipts older than a given time are deleted', async (t, store, clock) => {
    await store.append(append('a', 0, { receipts: [receipt('old')] }));
    clock.advance(1_000);
    await store.append(append('a', 1, { receipts: [receipt('new')] }));
    t.is(await store.pruneReceipts(START + 1_000), 1);
    t.is(await store.receipt('ann-1', 'old'), null);
    t.truthy(await store.receipt('ann-1', 'new'));
  });

  spec('a secret is set, changed and deleted, and appears in no event', async (t, store) => {
    const set = (version: number, value: string | null) =>
      store.append(append('a', version, { secrets: [{ owner: 'ann', value }] }));
    await set(0, 'hush');
    t.is(await store.secret('ann'), 'hush');
    await set(1, 'hush hush');
    t.is(await store.secret('ann'), 'hush hush');
    t.false(JSON.stringify(await store.readRows(all)).includes('hush'));
    await set(2, null);
    t.is(await store.secret('ann'), null);
  });

  spec(
    'given a receipt that cannot be made, then the append throws and leaves nothing behind',
    async (t, store) => {
      const neighbour = store.append(append('b', 0));
      const failing = store.append(append('a', 0, { receipts: [receipt('r', { outcome: noOutcome })] }));
      await t.throwsAsync(failing, { message: 'no outcome' });
      t.is((await neighbour).kind, 'appended');
      t.is((await store.head()).position, 1);
      t.is((await store.append(append('a', 0))).kind, 'appended');
      t.is(verifyChain(GENESIS, await store.readRows(all)).kind, 'intact');
    },
  );

  spec('listeners are notified of new events and of nothing else', async (t, store) => {
    const heard: number[] = [];
    const stop = store.onAppended(({ position }) => heard.push(position));
    await store.append(append('a', 0, { events: [event('One'), event('Two')] }));
    await store.append(append('a', 0));
    await store.append(append('a', 2, { events: [], receipts: [receipt('r')] }));
    await store.append(append('a', 2));
    await Promise.resolve();
    stop();
    await store.append(append('a', 3));
    t.deepEqual(heard, [2, 3]);
  });
}
