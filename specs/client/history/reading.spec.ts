import { systemSchedule } from '../../../core/time/clock.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { openHistory } from '../../../client/history/history.js';
import type { History, SortKey } from '../../../client/history/port.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import {
  compareMessages,
  conversationIdSchema,
  type Message,
  privateConversation,
} from '../../../core/protocol/message/message.js';
import { proofSchema } from '../../../core/protocol/message/proof.js';

const [alice, bob] = ['A', 'B'].map((letter) => accountIdSchema.parse(`01ARZ3NDEKTSV4RRFFQ69G5FA${letter}`));
const DAY_MS = 86_400_000;
const START_MS = 1_700_000_000_000;

interface Kept {
  readonly history: History;
  readonly clock: { nowMs: number };
}

async function open(t: ExecutionContext): Promise<Kept> {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-reading-'));
  const clock = { nowMs: START_MS };
  const history = await openHistory({
    file: join(folder, 'history.db'),
    clock: { now: () => clock.nowMs },
    schedule: systemSchedule,
  });
  await history.settleArrival({ machineMs: START_MS, trackerMs: START_MS });
  t.teardown(async () => {
    await history.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { history, clock };
}

const account = bob ?? accountIdSchema.parse(systemIds.next());
const conversation = privateConversation(alice ?? account, account);
const device = deviceIdSchema.parse(`U${'B'.repeat(55)}`);
const anyone = { fromRoster: 0, account };
const proof = proofSchema.parse('AAAA');

const message = (seq: number, fields: Partial<Message> = {}): Message => ({
  conversation,
  account,
  device,
  seq,
  hlc: hlcSchema.parse((START_MS + seq).toString(16).padStart(12, '0') + '0000'),
  roster: 0,
  text: `message ${seq}`,
  spans: [],
  ...fields,
});

const keyOf = (one: Message | undefined): SortKey | null =>
  one === undefined ? null : { sort: one.hlc, device: one.device, seq: one.seq };
const texts = (found: readonly { readonly message: Message }[]) => found.map((one) => one.message.text);

test('history: given messages that arrive in any order, then the pages return them in sort order', async (t) => {
  const { history } = await open(t);
  const devices = ['B', 'C'].map((letter) => deviceIdSchema.parse(`U${letter.repeat(55)}`));
  const all = devices.flatMap((one) => [1, 2, 3, 4, 5].map((seq) => message(seq, { device: one })));
  const shuffled = all.toSorted((one, other) => one.text.localeCompare(other.text) || other.seq - one.seq);
  for (const one of shuffled) await history.store(one, 'none');
  const ordered = all.toSorted(compareMessages);
  const whole = await history.messagesBefore(conversation, null, 100);
  t.deepEqual(
    whole.map((one) => one.message),
    ordered,
  );
  t.deepEqual(
    texts(await history.messagesBefore(conversation, keyOf(ordered[7]), 3)),
    texts(whole.slice(4, 7)),
  );
  t.deepEqual(
    texts(await history.messagesAfter(conversation, keyOf(ordered[2]), 4)),
    texts(whole.slice(3, 7)),
  );
  t.deepEqual(texts(await history.messagesAfter(conversation, null, 2)), texts(whole.slice(0, 2)));
  const { hlc, device: author, seq } = ordered[3] ?? message(0);
  t.deepEqual(await history.sortKeyOf(whole[3]?.id ?? ''), { sort: hlc, device: author, seq });
  t.is(await history.sortKeyOf('nothing'), null);
});

test('history: given an author whose clock is far ahead, then the message is dated by its arrival', async (t) => {
  const { history } = await open(t);
  await history.store(message(1, { hlc: hlcSchema.parse('ffffffffffff0000') }), 'none');
  const [read] = await history.messagesBefore(conversation, null, 1);
  t.is(read?.at, START_MS);
});

test('history: given numbers that arrive in any order, then the received ranges are correct', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 25 }), async (seqs) => {
      const { history } = await open(t);
      await Promise.all(seqs.map((seq) => history.store(message(seq), 'none', proof)));
      const [held] = await history.receivedRanges(conversation);
      const ranges = held?.ranges ?? [];
      const numbers = ranges.flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      t.deepEqual(
        numbers,
        seqs.toSorted((one, other) => one - other),
      );
      t.true(
        ranges.every(([first], index) => (ranges[index - 1]?.[1] ?? -1) + 1 < first),
        'no two touch',
      );
      t.deepEqual(await history.relayableRanges(conversation, anyone), held === undefined ? [] : [held]);
    }),
    { numRuns: 8 },
  );
});

test('history: given messages sent at increasing versions of a room, then those from a given version on can be relayed', async (t) => {
  const room = conversationIdSchema.parse('room-01J00000000000000000000001');
  const lacks = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 10 });
  const versions = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(versions, lacks, fc.integer({ min: 1, max: 30 }), async (steps, missing, fromRoster) => {
      const { history } = await open(t);
      let roster = 1;
      const said = steps
        .map((step, index) => message(index + 1, { conversation: room, roster: (roster += step) }))
        .filter(({ seq }) => !missing.includes(seq));
      await Promise.all(said.map((one) => history.store(one, 'none', proof)));
      const [offered] = await history.relayableRanges(room, { fromRoster, account });
      const numbers = (offered?.ranges ?? []).flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      );
      t.deepEqual(
        numbers,
        said.flatMap((one) => (one.roster >= fromRoster ? [one.seq] : [])),
      );
    }),
    { numRuns: 25 },
  );
});

test('history: given the highest possible number, then the relayable ranges are still correct', async (t) => {
  const { history } = await open(t);
  const room = conversationIdSchema.parse('room-01J00000000000000000000001');
  const highest = Number.MAX_SAFE_INTEGER;
  for (const seq of [highest - 1, highest]) {
    await history.store({ ...message(1, { conversation: room, roster: 1 }), seq }, 'none', proof);
  }
  t.deepEqual(await history.relayableRanges(room, { fromRoster: 2, account }), []);
});

test('history: given words, then the search finds the latest messages with all of them, regardless of case and accents', async (t) => {
  const { history } = await open(t);
  const said = ['Über the river', 'the "quoted" river', 'a RIVER over there', 'nothing', 'rivers'];
  for (const [index, text] of said.entries()) await history.store(message(index + 1, { text }), 'none');
  const find = async (...words: string[]) => texts(await history.search(words, [conversation], 10));
  t.deepEqual(await find('river'), [said[0], said[1], said[2], said[4]]);
  t.deepEqual(await find('river', 'uber'), [said[0]]);
  t.deepEqual(await find('river', 'the'), [said[0], said[1], said[2]]);
  t.deepEqual(await find('"quoted"'), [said[1]]);
  t.deepEqual(texts(await history.search(['river'], [conversation], 2)), [said[2], said[4]]);
  t.deepEqual(await history.search(['river'], [], 10), []);
  for (const odd of ['"', '*', 'NOT', 'OR', 'NEAR(', 'text:', '-', '(', '^', '""', '\0']) {
    await t.notThrowsAsync(find(odd), odd);
  }
  await history.store(message(9, { text: 'one more river' }), 'none');
  t.is((await find('river')).at(-1), 'one more river');
});

test('history: given many messages, when they are searched, then the index is filled in slices and all are found', async (t) => {
  const { history } = await open(t);
  const many = Array.from({ length: 1_201 }, (_, index) => message(index + 1));
  await Promise.all(many.map((one) => history.store(one, 'none')));
  t.is((await history.search(['message'], [conversation], 2_000)).length, 1_201);
});

test('history: given a retention, then messages that are too old or too many are deleted, except those in the outbox', async (t) => {
  const { history, clock } = await open(t);
  const own = deviceIdSchema.parse(`U${'D'.repeat(55)}`);
  const { seq: _, ...draft } = message(1, { account: alice ?? account, device: own, text: 'waits' });
  await history.accept(draft, [account]);
  for (let seq = 1; seq <= 6; seq += 1) await history.store(message(seq), 'unread', proof);
  t.is((await history.search(['message'], [conversation], 10)).length, 6);
  await history.applyRetention({ maxAgeMs: null, maxMessages: 4 });
  t.deepEqual(texts(await history.messagesBefore(conversation, null, 10)), [
    'waits',
    'message 3',
    'message 4',
    'message 5',
    'message 6',
  ]);
  t.is((await history.search(['message'], [conversation], 10)).length, 4);
  t.is(await history.store(message(1), 'none', proof), 'known', 'it is not taken again');
  const [offered] = await history.relayableRanges(conversation, anyone);
  t.deepEqual(offered, { device, ranges: [[3, 6]] });
  clock.nowMs += 2 * DAY_MS;
  await history.store(message(7), 'none');
  await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
  t.deepEqual(texts(await history.messagesBefore(conversation, null, 10)), ['waits', 'message 7']);
  const [reading] = (await history.notificationState()).readStates;
  t.is(reading?.unread ?? 0, 0);
});

test('history: given unread messages that a retention deletes, then the loss is reported before later changes', async (t) => {
  const { history } = await open(t);
  const losses: unknown[] = [];
  history.events.on('unreadLost', (lost) => void losses.push(...lost));
  for (let seq = 1; seq <= 4; seq += 1)
    await history.store(message(seq), seq === 2 ? 'mention' : 'unread', proof);
  await history.applyRetention({ maxAgeMs: null, maxMessages: 2 });
  t.deepEqual(losses, [{ conversation, unread: 2, mentions: 1 }]);
  t.like((await history.notificationState()).readStates, [{ unread: 2, mentions: 0 }]);
  await history.forgetUnreadOf(account);
  t.deepEqual(losses[1], { conversation, unread: 2, mentions: 0 });
  t.deepEqual((await history.notificationState()).readStates, []);
});

test('history: a draft replaces the earlier one of the same account and conversation, and an empty one removes it', async (t) => {
  const { history } = await open(t);
  await history.saveDraft({ account, conversation, text: 'one' });
  await history.saveDraft({ account, conversation, text: 'two' });
  t.deepEqual(await history.drafts(), [{ account, conversation, text: 'two' }]);
  await history.saveDraft({ account, conversation, text: '' });
  t.deepEqual(await history.drafts(), []);
});

test('history: given own messages that other terminals sent back, then no number is assigned twice', async (t) => {
  const { history } = await open(t);
  const own = deviceIdSchema.parse(`U${'D'.repeat(55)}`);
  await history.store(message(7, { device: own }), 'none', proof);
  const { seq: _, ...draft } = message(1, { device: own });
  t.is((await history.accept(draft, [])).message.seq, 8);
  t.is((await history.accept(draft, [])).message.seq, 9);
});

test('history: given a job that fails in a shared commit, then only that job is rolled back', async (t) => {
  const { history } = await open(t);
  const broken = message(2, { text: undefined as unknown as string });
  const [one, two, three] = await Promise.allSettled([
    history.store(message(1), 'none'),
    history.store(broken, 'none'),
    history.store(message(3), 'none'),
  ]);
  t.deepEqual([one?.status, two?.status, three?.status], ['fulfilled', 'rejected', 'fulfilled']);
  t.deepEqual(texts(await history.messagesBefore(conversation, null, 10)), ['message 1', 'message 3']);
  t.is(await history.store(message(2), 'none'), 'stored');
});

test('history: given a closed history, then every call rejects', async (t) => {
  const { history } = await open(t);
  await history.close();
  await t.throwsAsync(history.latestHlc(), { message: /closed/ });
  await t.throwsAsync(history.knownState(), { message: /closed/ });
});
