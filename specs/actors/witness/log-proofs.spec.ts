// The history in the answer to a sync: checkpoints and proofs that a terminal can verify with the tracker's key.
import test from 'ava';
import { readCheckpoint } from '../../../core/merkle/checkpoint.js';
import { leafHash } from '../../../core/merkle/hashing.js';
import { isConsistent, isIncluded } from '../../../core/merkle/proof.js';
import type { Json } from '../../../core/json.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { openTrackerFixture, type TrackerFixture } from '../tracker-fixture.js';

type Caller = Awaited<ReturnType<TrackerFixture['enrolled']>>;

async function answerTo({ ask, signing }: TrackerFixture, caller: Caller, known: object) {
  const data: Json = { versions: {}, ...known };
  const answer = syncedSchema.parse((await ask.sync(caller, data)).data);
  const reading = readCheckpoint(answer.checkpoint ?? '', signing.publicKey);
  if (!('checkpoint' in reading)) throw new Error(reading.problem);
  return { answer, checkpoint: reading.checkpoint };
}

const claimOf = ({ origin, size, root }: { origin: string; size: number; root: Buffer }) => ({
  checkpoint: { origin, size, root: root.toString('base64') },
});
const hashes = (proof: readonly string[] | null | undefined) =>
  (proof ?? []).map((hash) => Buffer.from(hash, 'base64'));

test('history of a sync: given the checkpoint of the sync before, then the answer proves that the log continues it', async (t) => {
  const tracker = await openTrackerFixture(t);
  const ann = await tracker.enrolled('ann');
  const first = await answerTo(tracker, ann, {});
  t.is(first.answer.consistency, undefined, 'a terminal without a checkpoint gets no proof');
  let before = first.checkpoint;
  for (let count = 0; count < 12; count += 1) {
    await tracker.enrolled(`user${count}`);
    const { answer, checkpoint } = await answerTo(tracker, ann, claimOf(before));
    t.true(isConsistent(before, checkpoint, hashes(answer.consistency)), `from ${before.size}`);
    t.true(checkpoint.size > before.size);
    before = checkpoint;
  }
  const same = await answerTo(tracker, ann, claimOf(before));
  t.deepEqual(same.answer.consistency, []);
  t.deepEqual(same.checkpoint, before);
});

test('history of a sync: given sizes that other terminals have, then each gets a proof, and null if the log is shorter', async (t) => {
  const tracker = await openTrackerFixture(t);
  const ann = await tracker.enrolled('ann');
  const heads = [(await answerTo(tracker, ann, {})).checkpoint];
  for (const name of ['ben', 'cat', 'dan']) {
    await tracker.enrolled(name);
    heads.push((await answerTo(tracker, ann, {})).checkpoint);
  }
  const [first] = heads;
  if (first === undefined) return t.fail();
  const compare = [...heads.map(({ size }) => size), 1_000, Number.MAX_SAFE_INTEGER];
  const { answer, checkpoint } = await answerTo(tracker, ann, { ...claimOf(first), compare });
  for (const [index, head] of heads.entries())
    t.true(isConsistent(head, checkpoint, hashes(answer.compared?.[index])), `from ${head.size}`);
  t.deepEqual(answer.compared?.slice(heads.length), [null, null]);
});

test('history of a sync: given a checkpoint of another log or a longer one, then no proof is given', async (t) => {
  const tracker = await openTrackerFixture(t);
  const ann = await tracker.enrolled('ann');
  const { checkpoint } = await answerTo(tracker, ann, {});
  const other = await answerTo(tracker, ann, {
    ...claimOf({ ...checkpoint, origin: 'partyline/other' }),
    compare: [1],
  });
  t.is(other.answer.consistency, undefined);
  t.is(other.answer.compared, undefined);
  const longer = await answerTo(tracker, ann, claimOf({ ...checkpoint, size: checkpoint.size + 1 }));
  t.is(longer.answer.consistency, undefined);
});

for (const [title, known] of Object.entries({
  'a size below zero': { checkpoint: { origin: 'a', size: -1, root: `${'A'.repeat(43)}=` } },
  'a root of another length': { checkpoint: { origin: 'a', size: 1, root: 'AAAA' } },
  'too many comparisons': { compare: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
  'a comparison that is no size': { compare: [0.5] },
}) as [string, object][]) {
  test(`history of a sync: given ${title}, then the request is refused`, async (t) => {
    const tracker = await openTrackerFixture(t);
    const ann = await tracker.enrolled('ann');
    t.like(await tracker.ask.sync(ann, { versions: {}, ...known }), { phrase: 'INVALID_COMMAND' });
  });
}

test('log proofs: every event is in the log, at its place only, and no other size or position has a proof', async (t) => {
  const tracker = await openTrackerFixture(t);
  for (const name of ['ann', 'ben', 'cat', 'dan', 'eve']) await tracker.enrolled(name);
  const { size, root } = await tracker.logProofs.checkpoint();
  const rows = await tracker.store.readRows({ fromPosition: 1, limit: 100 });
  t.is(rows.length, size);
  for (const { position, hash } of rows) {
    const path = await tracker.logProofs.inclusion(position, size);
    const claim = { leaf: leafHash(Buffer.from(hash, 'hex')), size, root, path: path ?? [] };
    t.true(isIncluded({ ...claim, index: position - 1 }));
    t.false(isIncluded({ ...claim, index: position % size }));
  }
  for (const [position, within] of [
    [0, size],
    [size + 1, size],
    [1, size + 1],
  ] as const)
    t.is(await tracker.logProofs.inclusion(position, within), null);
  t.is(await tracker.logProofs.rootAt(size + 1), null);
  t.is(await tracker.logProofs.consistency(2, 1), null);
});
