import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import Libsql from 'libsql';
import { z } from 'zod';
import { openHistory } from '../../../client/history/history.js';
import { createIdleIndexing } from '../../../client/history/messages/idle-indexing.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import { hlcSchema } from '../../../core/protocol/message/hlc.js';
import {
  type ConversationId,
  conversationIdSchema,
  type Message,
} from '../../../core/protocol/message/message.js';
import { type Schedule, systemSchedule } from '../../../core/time/clock.js';
import { temporaryFolder } from '../../support/folder.js';
import { holds } from '../../support/property.js';
import { createTime } from '../../support/time.js';
import { until } from '../../support/until.js';

const START_MS = 1_700_000_000_000;
const account = accountIdSchema.parse(systemIds.next());
const devices = ['A', 'B'].map((letter) => deviceIdSchema.parse(`U${letter.repeat(55)}`));
const newRoom = (): ConversationId => conversationIdSchema.parse(`room-${systemIds.next()}`);

async function open(t: ExecutionContext, idleSchedule?: Schedule) {
  const file = join(await temporaryFolder(t), 'history.db');
  const history = await openHistory({
    file,
    clock: { now: () => START_MS },
    schedule: systemSchedule,
    ...(idleSchedule !== undefined && { idleSchedule }),
  });
  t.teardown(() => history.close());
  return { history, file };
}

interface Said {
  /** Milliseconds before the start of the spec. */
  readonly ageMs: number;
  readonly by: number;
  readonly text: string;
}

function messageOf({ ageMs, by, text }: Said, conversation: ConversationId, seq: number): Message {
  const device = devices[by] ?? devices[0];
  const hlc = hlcSchema.parse(`${(START_MS - ageMs).toString(16).padStart(12, '0')}0000`);
  return {
    conversation,
    account,
    device: deviceIdSchema.parse(device),
    seq,
    hlc,
    roster: 1,
    text,
    spans: [],
  };
}

const said: fc.Arbitrary<Said> = fc.record({
  ageMs: fc.nat({ max: 50 }),
  by: fc.nat({ max: 1 }),
  text: fc.constantFrom('apple', 'apples and pears', 'one apple', 'pear', 'nothing'),
});

test('search: given messages that were stored in any order, then it finds the latest in the order of messages', async (t) => {
  const { history } = await open(t);
  let before = newRoom();
  await holds(
    t,
    fc.asyncProperty(
      fc.array(said, { maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      async (all, limit) => {
        const room = newRoom();
        const messages = all.map((one, index) => messageOf(one, room, index + 1));
        await Promise.all(messages.map((message) => history.store(message, 'none')));
        const expected = messages
          .filter(({ text }) => text.includes('apple'))
          .toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
          .slice(-limit)
          .map(({ seq }) => seq);
        const found = await history.search(['app'], [room], limit);
        t.deepEqual(
          found.map(({ message }) => message.seq),
          expected,
        );
        const both = await history.search(['app'], [before, room], 1_000);
        const here = both.filter(({ message }) => message.conversation === room);
        t.deepEqual(here.slice(-limit), [...found], 'the limit leaves out earlier ones only');
        before = room;
      },
    ),
    { numRuns: 60 },
  );
});

const sortKey = ({ hlc, device, seq }: Message): string => `${hlc} ${device} ${String(seq).padStart(6, '0')}`;

test('search: given stored messages, when nothing is stored for a while, then all of them are in the index', async (t) => {
  const time = createTime();
  const { history, file } = await open(t, time.schedule);
  const room = newRoom();
  const database = new Libsql(file);
  t.teardown(() => void database.close());
  const indexed = (): number =>
    z.object({ position: z.int() }).parse(database.prepare('SELECT position FROM indexed').get()).position;
  const many = Array.from({ length: 1_201 }, (_, index) =>
    messageOf({ ageMs: 0, by: 0, text: 'river' }, room, index + 1),
  );
  await Promise.all(many.map((one) => history.store(one, 'none')));
  t.is(indexed(), 0);
  await until(async () => {
    await time.pass(2_000);
    return indexed() === many.length;
  }, 'all are in the index');
  await until(async () => {
    await time.pass(2_000);
    return time.pending() === 0;
  }, 'nothing is left to do');
  t.is((await history.search(['river'], [room], 50)).length, 50);
});

function slices(hasMore: readonly boolean[]) {
  const time = createTime();
  const errors: unknown[] = [];
  const left = [...hasMore];
  let count = 0;
  const indexing = createIdleIndexing({
    schedule: time.schedule,
    async indexSlice() {
      count += 1;
      return left.shift() ?? false;
    },
    onError: (error) => void errors.push(error),
  });
  return { time, indexing, errors, count: () => count };
}

test('idle indexing: it begins after the start, pauses between slices, and ends when nothing is missing', async (t) => {
  const { time, count } = slices([true, true, false]);
  await time.pass(1_999);
  t.is(count(), 0);
  await time.pass(1);
  t.is(count(), 1);
  await time.pass(49);
  t.is(count(), 1, 'other work has the time in between');
  await time.pass(1_000);
  t.is(count(), 3);
  t.is(time.pending(), 0);
});

test('idle indexing: given messages that come one after another, then it waits for quiet, but only for 5,000 of them', async (t) => {
  const { time, indexing, count } = slices([]);
  for (let second = 0; second < 50; second += 1) {
    indexing.stored(100);
    await time.pass(1_000);
  }
  t.is(count(), 0);
  for (let second = 0; second < 2; second += 1) {
    indexing.stored(100);
    await time.pass(1_000);
  }
  t.is(count(), 1);
  await time.pass(2_000);
  t.is(count(), 2, 'the message that came later is indexed after quiet');
});

test('idle indexing: given a slice that fails, then the error is reported and the next stored message has it tried again', async (t) => {
  const time = createTime();
  const errors: unknown[] = [];
  let isFull = true;
  let count = 0;
  const indexing = createIdleIndexing({
    schedule: time.schedule,
    async indexSlice() {
      if (isFull) throw new Error('The disk is full.');
      count += 1;
      return false;
    },
    onError: (error) => void errors.push(error),
  });
  await time.pass(10_000);
  t.is(errors.length, 1);
  t.is(time.pending(), 0);
  isFull = false;
  indexing.stored(1);
  await time.pass(2_000);
  t.is(count, 1);
});

test('idle indexing: given a close, then nothing is indexed later', async (t) => {
  const { time, indexing, count } = slices([true]);
  await time.pass(2_000);
  indexing.close();
  indexing.stored(1);
  await time.pass(10_000);
  t.is(count(), 1);
  t.is(time.pending(), 0);
});
