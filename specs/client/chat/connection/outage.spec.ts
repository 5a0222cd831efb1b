import test from 'ava';
import { createOutage } from '../../../../client/chat/connection/outage.js';
import type { Return } from '../../../../client/chat/events.js';

function scene() {
  /** The next pulse; each asks for the one after it. */
  let pulse: (() => void) | null = null;
  const told: Return[] = [];
  const now = { ms: 1_000_000, fetched: 3 };
  const outage = createOutage({
    clock: { now: () => now.ms },
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
  /** Time goes on in steps of the pulse. */
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

test('absence: given a loss, when all has been fetched again, then how long, why and how much is told once', (t) => {
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

test('absence: given a process that stood still, then it was away since its last pulse, whichever is noticed first', (t) => {
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

test('absence: given a loss soon after one was back from standing still, then it has a reason of its own', (t) => {
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

test('absence: given a loss long after it stood still, then the one has nothing to do with the other', (t) => {
  const { told, now, outage, live } = scene();
  outage.changed(online);
  now.ms += 60_000;
  live(60);
  outage.changed(lost);
  outage.changed(online);
  outage.caughtUp();
  t.like(told, { length: 1, 0: { awayMs: 0, reason: lost.reason } });
});

test('absence: given a terminal that was never online, or another account, then there is nothing to come back from', (t) => {
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
