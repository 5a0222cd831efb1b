import test from 'ava';
import { createOutage } from '../../../../client/chat/connection/outage.js';
import type { Return } from '../../../../client/chat/events.js';

function scene() {
  /** The next heartbeat; each schedules the one after it. */
  let pulse: (() => void) | null = null;
  const told: Return[] = [];
  const now = { ms: 1_000_000, fetched: 3 };
  const outage = createOutage({
    steadyClock: { now: () => now.ms },
    schedule: (_, run) => {
      pulse = run;
      return () => {
        pulse = null;
      };
    },
    trackerSync: now,
    tell: (name, event) => {
      if (name === 'back') told.push(event as Return);
    },
  });
  /** Lets time pass in steps of the heartbeat. */
  const live = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 2) {
      now.ms += 2_000;
      pulse?.();
    }
  };
  return { told, now, outage, live, pulse: () => pulse };
}

const online = { state: 'online', reason: 'Logged in as alice.' } as const;
const lost = { state: 'reconnecting', reason: 'The connection to the broker was lost.' } as const;
const overdue = { state: 'offline', reason: 'The broker cannot be reached.' } as const;

test('outage: given a lost connection, when the terminal has caught up, then duration, reason and number of notices are reported once', (t) => {
  const { told, now, outage, live } = scene();
  outage.changed(online);
  outage.caughtUp();
  live(10);
  outage.changed(lost);
  live(30);
  outage.changed(overdue);
  live(12);
  outage.changed(online);
  now.fetched += 5;
  outage.caughtUp();
  outage.caughtUp();
  t.deepEqual(told, [{ awayMs: 42_000, reason: lost.reason, notices: 5 }]);
});

test('outage: given a suspended process, then the outage begins at its last heartbeat, whether heartbeat or loss is noticed first', (t) => {
  for (const isPulseFirst of [true, false]) {
    const { told, now, outage, live, pulse } = scene();
    outage.changed(online);
    live(4);
    now.ms += 60_000;
    if (isPulseFirst) pulse()?.();
    outage.changed(lost);
    live(2);
    outage.changed(online);
    outage.caughtUp();
    t.deepEqual(told, [
      { awayMs: 62_000, reason: 'This terminal was stopped, or its machine was asleep.', notices: 0 },
    ]);
  }
});

test('outage: given a loss soon after a suspension, then it has its own reason', (t) => {
  const { told, now, outage, live } = scene();
  outage.changed(online);
  now.ms += 60_000;
  outage.changed(lost);
  outage.changed(online);
  outage.caughtUp();
  live(2);
  outage.changed(lost);
  outage.changed(online);
  outage.caughtUp();
  t.deepEqual(told[1], { awayMs: 0, reason: lost.reason, notices: 0 });
});

test('outage: given a loss long after a suspension, then it has its own reason and begins at the loss', (t) => {
  const { told, now, outage, live } = scene();
  outage.changed(online);
  now.ms += 60_000;
  live(60);
  outage.changed(lost);
  outage.changed(online);
  outage.caughtUp();
  t.like(told, { length: 1, 0: { awayMs: 0, reason: lost.reason } });
});

test('outage: given a terminal that was never online, or a change of account, then no return is reported', (t) => {
  const { told, outage, pulse } = scene();
  outage.changed(lost);
  outage.changed(online);
  outage.caughtUp();
  outage.changed(lost);
  outage.changed({ state: 'guest', reason: 'Nobody is logged in here.' });
  outage.changed(online);
  outage.caughtUp();
  t.deepEqual(told, []);
  outage.close();
  t.is(pulse(), null);
});
