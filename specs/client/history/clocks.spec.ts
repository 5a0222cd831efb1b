// The order and the age of stored messages when clocks are wrong.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { openHistory } from '../../../client/history/history.js';
import type { History } from '../../../client/history/port.js';
import { accountIdSchema, deviceIdSchema } from '../../../core/ids.js';
import { hlcAt } from '../../../core/protocol/message/hlc.js';
import { type Message, privateConversation } from '../../../core/protocol/message/message.js';
import { systemSchedule } from '../../../core/time/clock.js';
import { temporaryFolder } from '../../support/folder.js';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
const NOW = 1_700_000_000_000;
const me = accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAA');
const bob = accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAB');
const conversation = privateConversation(me, bob);
const device = deviceIdSchema.parse(`U${'B'.repeat(55)}`);

const message = (seq: number, hlcMs: number): Message => ({
  conversation,
  account: bob,
  device,
  seq,
  hlc: hlcAt(hlcMs),
  roster: 0,
  text: `${seq}`,
  spans: [],
});

const textsOf = async (history: History) =>
  (await history.messagesBefore(conversation, null, 100)).map((one) => one.message.text);

/**
 * The history of a terminal, with clocks that the spec sets: the true time, and how far the machine and the tracker are ahead of
 * it.
 */
async function machine(t: ExecutionContext) {
  const file = join(await temporaryFolder(t), 'history.db');
  const at = { true: NOW, machineAheadMs: 0, trackerAheadMs: 0 };
  const readings = () => ({
    machineMs: at.true + at.machineAheadMs,
    trackerMs: at.true + at.trackerAheadMs,
  });
  return {
    file,
    at,
    readings,
    /** Opens the history as a new process does. Its steady clock starts at the present value of the machine's clock. */
    run: async <T>(work: (history: History) => Promise<T>, isTold = true): Promise<T> => {
      const startedAt = at.true;
      const wallAtStart = readings().machineMs;
      const history = await openHistory({
        file,
        clock: { now: () => readings().machineMs },
        schedule: systemSchedule,
        steadyClock: { now: () => wallAtStart + at.true - startedAt },
      });
      try {
        if (isTold) await history.settleArrival(readings());
        return await work(history);
      } finally {
        await history.close();
      }
    },
  };
}

/** The changes of the clocks between two runs, and the days that really pass. */
const cases: readonly (readonly [title: string, machine: number, tracker: number, days: number])[] = [
  ['the clocks are right', 0, 0, 0],
  ['the machine was ten days ahead at the second start', 10 * DAY_MS, 0, 0],
  ['the machine was a year behind in the first run', YEAR_MS, 0, 0],
  ['the machine goes back ten years', -10 * YEAR_MS, 0, 0],
  ['the tracker goes ahead ten years', 0, 10 * YEAR_MS, 0],
  ['the tracker goes back a year', 0, -YEAR_MS, 0],
  ['the machine goes ahead and the tracker back', 5 * YEAR_MS, -5 * YEAR_MS, 0],
];

for (const [title, machineStepMs, trackerStepMs] of cases) {
  test(`retention: given messages of this hour and a limit of a day, when ${title}, then all stay`, async (t) => {
    const { at, run } = await machine(t);
    if (title.includes('in the first run')) at.machineAheadMs = -YEAR_MS;
    await run(async (history) => {
      for (let seq = 1; seq <= 4; seq += 1) await history.store(message(seq, at.true), 'none');
    });
    at.machineAheadMs += machineStepMs;
    at.trackerAheadMs += trackerStepMs;
    at.true += 600_000;
    await run(async (history) => {
      await history.store(message(5, at.true), 'none');
      t.deepEqual(await history.ageCounts(DAY_MS), { stored: 5, expired: 0 });
      await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
      t.deepEqual(await textsOf(history), ['1', '2', '3', '4', '5']);
    });
  });
}

test('retention: given clocks that agree on the days between two runs, then older messages are deleted', async (t) => {
  const { at, run } = await machine(t);
  at.machineAheadMs = -YEAR_MS;
  await run((history) => history.store(message(1, at.true), 'none'));
  at.true += 2 * DAY_MS;
  await run(async (history) => {
    await history.store(message(2, at.true), 'none');
    await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
    t.deepEqual(await textsOf(history), ['2']);
    at.true += 2 * DAY_MS;
    await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
    t.deepEqual(await textsOf(history), [], 'within a run the steady clock counts');
  });
});

test('retention: given messages that came before the tracker told its time, then their age counts from then on', async (t) => {
  const { at, run, readings } = await machine(t);
  await run((history) => history.store(message(1, at.true), 'none'));
  at.true += 20 * DAY_MS;
  await run(async (history) => {
    await history.store(message(2, at.true), 'none');
    await history.settleArrival(readings());
    await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
    t.deepEqual(await textsOf(history), ['2']);
  }, false);
});

test('retention: given a number of messages to keep and one dated two days ahead, then the latest that were said are kept', async (t) => {
  const { at, run } = await machine(t);
  await run(async (history) => {
    await history.store(message(1, at.true + 2 * DAY_MS), 'none');
    for (let seq = 2; seq <= 6; seq += 1) await history.store(message(seq, at.true + seq), 'none');
    await history.placeFutureMessages(() => at.true + 60_000);
    await history.applyRetention({ maxAgeMs: null, maxMessages: 3 });
    t.deepEqual(await textsOf(history), ['4', '5', '6']);
  });
});

test('order: given stored messages from the future, when the time is known, then they stand where they arrived', async (t) => {
  const { at, run } = await machine(t);
  await run(async (history) => {
    await history.store(message(1, at.true), 'none');
    await history.store(message(3, at.true + YEAR_MS), 'none');
    await history.store(message(2, at.true + YEAR_MS - 1), 'none');
    await history.store(message(4, at.true + 10), 'unread');
    t.deepEqual(await textsOf(history), ['1', '4', '2', '3']);
    await history.markRead(conversation);
    await history.placeFutureMessages(() => at.true + 60_000);
    t.deepEqual(await textsOf(history), ['1', '2', '3', '4']);
    const page = await history.messagesBefore(conversation, null, 100);
    const third = page[2]?.key ?? null;
    t.deepEqual(
      (await history.messagesBefore(conversation, third, 10)).map((one) => one.message.text),
      ['1', '2'],
    );
    t.deepEqual(
      (await history.messagesAfter(conversation, third, 10)).map((one) => one.message.text),
      ['4'],
    );
    t.deepEqual(await history.sortKeyOf(page[2]?.id ?? ''), third);
    t.is(page[2]?.message.hlc, hlcAt(at.true + YEAR_MS), 'the signed timestamp stays');
    const [reading] = (await history.notificationState()).readStates;
    t.true((reading?.lastRead ?? '') <= hlcAt(at.true + 60_000));
    t.is(await history.latestHlc(), hlcAt(at.true + 10));
    await history.store(message(5, at.true + 20), 'none');
    await history.placeFutureMessages(() => at.true + 60_000);
    t.deepEqual(await textsOf(history), ['1', '2', '3', '4', '5']);
  });
});

test('order: given a time that moves back twice, then messages of the first move stay before those of the second', async (t) => {
  const { at, run } = await machine(t);
  await run(async (history) => {
    const said: string[] = [];
    const say = async (atMs: number): Promise<void> => {
      said.push(`${said.length + 1}`);
      await history.store(message(said.length, atMs), 'none');
    };
    for (const base of [10 * YEAR_MS, 0, -2 * YEAR_MS]) {
      await history.placeFutureMessages(() => at.true + base + 60_000);
      await say(at.true + base);
      await say(at.true + base + 1);
      t.deepEqual(await textsOf(history), said);
    }
    await say(at.true + 2);
    t.deepEqual(await textsOf(history), said);
  });
});

test('migration: given a history of an older version, then the age counts from the later of two doubtful times, at most until now', async (t) => {
  const { file, at, run } = await machine(t);
  await run((history) => history.store(message(1, at.true), 'none'));
  const old = new Libsql(file);
  const rows: readonly (readonly [seq: number, sentMs: number, receivedMs: number])[] = [
    [1, at.true, at.true],
    [2, at.true, at.true - YEAR_MS],
    [3, at.true - YEAR_MS, at.true],
    [4, at.true + YEAR_MS, at.true + YEAR_MS],
    [5, at.true - 2 * DAY_MS, at.true - 2 * DAY_MS],
  ];
  for (const statement of [
    'DELETE FROM messages',
    'DROP TABLE arrival_clock',
    'DROP TABLE provisional',
    'DROP INDEX messages_order',
    'DROP INDEX messages_arrival',
    'ALTER TABLE messages DROP COLUMN arrival',
    'ALTER TABLE messages DROP COLUMN sort',
    'CREATE INDEX "messages_order" ON "messages" ("conversation", "hlc", "device", "seq")',
    "DELETE FROM migrations WHERE name IN ('Clocks1767225740000', 'Arrivals1767225750000')",
  ]) {
    old.exec(statement);
  }
  for (const [seq, sentMs, receivedMs] of rows) {
    const values = [`${seq}`, conversation, bob, device, seq, hlcAt(sentMs), `${seq}`, sentMs, receivedMs];
    old
      .prepare(
        `INSERT INTO messages (id, conversation, account, device, seq, hlc, roster, text, spans, at, received_at)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, '[]', ?, ?)`,
      )
      .run(values);
  }
  old.close();
  await run(async (history) => {
    await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
    t.deepEqual((await textsOf(history)).toSorted(), ['1', '2', '3', '4']);
    at.true += 2 * DAY_MS;
    await history.applyRetention({ maxAgeMs: DAY_MS, maxMessages: null });
    t.deepEqual(await textsOf(history), [], 'an arrival dated ahead counts from the migration');
  });
});

test('order: given many messages from the future between others, when they are placed while more arrive, then all are where they arrived', async (t) => {
  const { at, run } = await machine(t);
  const count = 450;
  await run(async (history) => {
    const store = (seq: number) =>
      history.store(message(seq, at.true + seq + (seq % 3 === 0 ? YEAR_MS : 0)), 'none');
    for (let seq = 1; seq <= count; seq += 1) await store(seq);
    const placing = history.placeFutureMessages(() => at.true + 60_000);
    for (let seq = count + 1; seq <= count + 30; seq += 1) await store(seq);
    await placing;
    await history.placeFutureMessages(() => at.true + 60_000);
    t.deepEqual(
      (await history.messagesBefore(conversation, null, 1_000)).map((one) => one.message.text),
      Array.from({ length: count + 30 }, (_, index) => String(index + 1)),
    );
  });
});
