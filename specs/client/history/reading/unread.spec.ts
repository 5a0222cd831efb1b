import { systemSchedule } from '../../../../core/time/clock.js';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openHistory } from '../../../../client/history/history.js';
import type { History } from '../../../../client/history/port.js';
import type { ReadMark } from '../../../../client/history/reading/read-state.js';
import { type Clock, systemClock } from '../../../../core/time/clock.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../../core/ids.js';
import { hlcSchema } from '../../../../core/protocol/message/hlc.js';
import { type Message, privateConversation } from '../../../../core/protocol/message/message.js';
import { temporaryFolder } from '../../../support/folder.js';

const newAccount = () => accountIdSchema.parse(systemIds.next());
const [alice, bob, carol] = [newAccount(), newAccount(), newAccount()];
const withBob = privateConversation(alice, bob);
const withCarol = privateConversation(alice, carol);
const hlc = (count: number) => hlcSchema.parse(`0123456789ab${String(count).padStart(4, '0')}`);

const message = (seq: number, conversation = withBob): Message => ({
  conversation,
  account: bob,
  device: deviceIdSchema.parse(`U${'A'.repeat(55)}`),
  seq,
  hlc: hlc(seq),
  roster: 0,
  text: 'hi',
  spans: [],
});

async function open(
  t: ExecutionContext,
  file?: string,
  clock: Clock = systemClock,
): Promise<History & { readonly file: string }> {
  const path = file ?? join(await temporaryFolder(t), 'history.db');
  const history = await openHistory({ file: path, clock, schedule: systemSchedule });
  t.teardown(() => history.close());
  return { ...history, file: path };
}

test('unread: given an empty history, then nothing is unread or muted and do-not-disturb is off', async (t) => {
  const history = await open(t);
  t.deepEqual(await history.notificationState(), { readStates: [], mutes: [], isDnd: false });
});

test('unread: given messages with marks, then they are counted for each conversation until it is read, also after reopening', async (t) => {
  const history = await open(t);
  const marks: readonly ReadMark[] = ['unread', 'mention', 'none', 'unread'];
  for (const [index, mark] of marks.entries()) await history.store(message(index + 1), mark);
  await history.store(message(1), 'unread');
  await history.store(message(1, withCarol), 'unread');
  const counted = [
    { conversation: withBob, unread: 3, mentions: 1, lastRead: null },
    { conversation: withCarol, unread: 1, mentions: 0, lastRead: null },
  ];
  t.deepEqual(await byConversation(history), counted);
  const again = await open(t, history.file);
  t.deepEqual(await byConversation(again), counted);
  t.is(await again.markRead(withBob), hlc(4));
  t.like(
    (await again.notificationState()).readStates.find(({ conversation }) => conversation === withBob),
    {
      unread: 0,
      mentions: 0,
      lastRead: hlc(4),
    },
  );
});

test('unread: given messages that are read on arrival, then the read marker advances and never moves back', async (t) => {
  const history = await open(t);
  await history.store(message(3), 'read');
  await history.store(message(2), 'read');
  t.deepEqual((await history.notificationState()).readStates, [
    { conversation: withBob, unread: 0, mentions: 0, lastRead: hlc(3) },
  ]);
  t.is(await history.markRead(withCarol), null);
});

test('unread: given mutes, then the last mute of each scope is kept until it is lifted or has ended for a month', async (t) => {
  const history = await open(t);
  const room = { conversation: withBob, account: null, level: 'all', until: null } as const;
  const person = { conversation: withBob, account: bob, level: 'mentions', until: 5_000 } as const;
  await history.mute({ ...room, level: 'mentions' });
  await history.mute(room);
  await history.mute(person);
  await history.setDnd(true);
  const again = await open(t, history.file, { now: () => 6_000 });
  t.deepEqual(await again.notificationState(), { readStates: [], mutes: [room, person], isDnd: true });
  await again.settleArrival({ machineMs: 6_000, trackerMs: 6_000 });
  t.deepEqual((await again.notificationState()).mutes, [room, person], 'the clock may be wrong for a while');
  await again.settleArrival({ machineMs: 6_000, trackerMs: 6_000 + 30 * 86_400_000 });
  t.deepEqual((await again.notificationState()).mutes, [room]);
  await again.unmute(withBob, null);
  await again.setDnd(false);
  t.deepEqual(await again.notificationState(), { readStates: [], mutes: [], isDnd: false });
});

/** Sorted by the number of unread messages, the highest first. */
async function byConversation(one: History) {
  return (await one.notificationState()).readStates.toSorted((a, b) => b.unread - a.unread);
}
