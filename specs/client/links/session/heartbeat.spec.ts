import test from 'ava';
import {
  DEAD_AFTER_TICKS,
  PING_EVERY_TICKS,
  RECHECK_TICKS,
  TICK_MS,
} from '../../../../client/links/limits.js';
import { createHeartbeat } from '../../../../client/links/session/heartbeat.js';

test('heartbeat: given a silent peer, then it is dead within six seconds of ticks', (t) => {
  const heartbeat = createHeartbeat();
  let ticks = 1;
  while (heartbeat.tick(0).kind !== 'dead') ticks += 1;
  t.is(ticks, DEAD_AFTER_TICKS);
  t.true((ticks + 1) * TICK_MS <= 6_000);
});

test('heartbeat: given a peer that sends something at times, then it stays alive and is pinged at intervals', (t) => {
  const heartbeat = createHeartbeat();
  let pings = 0;
  for (let tick = 0; tick < 10 * PING_EVERY_TICKS; tick += 1) {
    const beat = heartbeat.tick(tick);
    t.not(beat.kind, 'dead');
    if (beat.kind === 'ping') pings += 1;
    if (tick % (DEAD_AFTER_TICKS - 1) === 0) heartbeat.heard();
  }
  t.is(pings, 10);
});

test('heartbeat: given pongs, then the round trip is smoothed, and late pongs or a changed clock are ignored', (t) => {
  const heartbeat = createHeartbeat();
  t.is(heartbeat.rttMs(), null);
  const first = heartbeat.tick(1_000);
  if (first.kind !== 'ping') {
    t.fail('the first beat is a ping');
    return;
  }
  heartbeat.answered(first.id + 100, 1_001);
  t.is(heartbeat.rttMs(), null);
  heartbeat.answered(first.id, 1_080);
  t.is(heartbeat.rttMs(), 80);
  heartbeat.answered(first.id, 9_000);
  t.is(heartbeat.rttMs(), 80);
  for (let tick = 1; tick < PING_EVERY_TICKS; tick += 1) heartbeat.tick(0);
  const second = heartbeat.tick(5_000);
  if (second.kind === 'ping') heartbeat.answered(second.id, 4_000);
  t.is(heartbeat.rttMs(), 80);
});

test('heartbeat: given rechecks, then a peer that answers stays alive, and a silent one is dead much sooner', (t) => {
  const heartbeat = createHeartbeat();
  const id = heartbeat.recheck(1_000);
  heartbeat.heard();
  heartbeat.answered(id, 1_020);
  t.is(heartbeat.rttMs(), 20);
  for (let tick = 1; tick < DEAD_AFTER_TICKS; tick += 1) t.not(heartbeat.tick(0).kind, 'dead');
  heartbeat.heard();
  for (let count = 0; count < 10; count += 1) heartbeat.recheck(0);
  for (let tick = 1; tick < RECHECK_TICKS; tick += 1) t.not(heartbeat.tick(0).kind, 'dead');
  t.is(heartbeat.tick(0).kind, 'dead');
});

test('heartbeat: given a recheck just before a ping is due, then the pong is measured from the recheck', (t) => {
  const heartbeat = createHeartbeat();
  for (let tick = 0; tick < PING_EVERY_TICKS; tick += 1) heartbeat.tick(tick * TICK_MS);
  const id = heartbeat.recheck(2_000);
  heartbeat.tick(2_100);
  heartbeat.answered(id, 2_150);
  t.is(heartbeat.rttMs(), 150);
});
