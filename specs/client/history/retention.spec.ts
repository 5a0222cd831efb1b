import test from 'ava';
import type { AgeCounts, Retention } from '../../../client/history/retention/age.js';
import { type RetentionSettings, scheduleRetention } from '../../../client/history/retention/schedule.js';
import type { TrackerClockEvents } from '../../../client/time/tracker-clock.js';
import { createEmitter } from '../../../core/emitter.js';
import { silentLog } from '../../../core/log.js';
import { createTime } from '../../support/time.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function scene(settings: RetentionSettings) {
  const time = createTime();
  const events = createEmitter<TrackerClockEvents>();
  const world = { isTold: false, counts: { stored: 10, expired: 0 } as AgeCounts };
  const applied: Retention[] = [];
  const asked: AgeCounts[] = [];
  const retention = scheduleRetention({
    history: {
      ageCounts: async () => world.counts,
      applyRetention: async (limits) => void applied.push(limits),
    },
    timekeeping: { settle: async () => world.isTold },
    trackerClock: { events },
    settings,
    schedule: time.schedule,
    log: silentLog,
  });
  retention.events.on('asked', (counts) => void asked.push(counts));
  const tells = async (): Promise<void> => {
    world.isTold = true;
    await events.emit('settled', undefined);
  };
  return { time, world, applied, asked, retention, tells };
}

const days = { keepDays: 1, keepMessages: undefined };

test('retention: given no time from the tracker, then nothing is deleted, however many hours pass', async (t) => {
  const { time, applied, tells } = scene(days);
  await time.pass(5 * HOUR_MS);
  t.deepEqual(applied, []);
  await tells();
  t.deepEqual(applied, [{ maxAgeMs: DAY_MS, maxMessages: null }]);
  await time.pass(HOUR_MS);
  t.is(applied.length, 2);
});

test('retention: given no limits, then nothing is scheduled', async (t) => {
  const { time, applied, tells } = scene({ keepDays: undefined, keepMessages: undefined });
  await tells();
  t.is(time.pending(), 0);
  t.deepEqual(applied, []);
});

test('retention: given that half has expired, then it is deleted; given more, then the user is asked once and consents', async (t) => {
  const { time, world, applied, asked, retention, tells } = scene({ keepDays: 1, keepMessages: 5 });
  world.counts = { stored: 10, expired: 5 };
  await tells();
  t.deepEqual(applied.splice(0), [{ maxAgeMs: DAY_MS, maxMessages: 5 }]);
  world.counts = { stored: 10, expired: 6 };
  await time.pass(2 * HOUR_MS);
  t.deepEqual(asked, [{ stored: 10, expired: 6 }]);
  t.deepEqual(retention.waiting, { stored: 10, expired: 6 });
  const onlyCount = { maxAgeMs: null, maxMessages: 5 };
  t.deepEqual(applied.splice(0), [onlyCount, onlyCount], 'the number of messages depends on no clock');
  t.deepEqual(await retention.confirm(), { stored: 10, expired: 6 });
  t.deepEqual(applied.splice(0), [{ maxAgeMs: DAY_MS, maxMessages: 5 }]);
  t.is(retention.waiting, null);
  t.is(await retention.confirm(), null);
  t.deepEqual(applied, []);
});

test('retention: given a question that no longer holds, then nothing waits any more', async (t) => {
  const { time, world, asked, retention, tells } = scene(days);
  world.counts = { stored: 4, expired: 4 };
  await tells();
  t.is(asked.length, 1);
  world.counts = { stored: 9, expired: 4 };
  await time.pass(HOUR_MS);
  t.is(retention.waiting, null);
});
