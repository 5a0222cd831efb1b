import test from 'ava';
import {
  DEAD_AFTER_TICKS,
  PING_EVERY_TICKS,
  RECHECK_TICKS,
  TICK_MS,
} from '../../../../client/links/limits.js';
import { createPulse } from '../../../../client/links/session/heartbeat.js';

test('pulse: given a silent peer, then it is dead within six seconds of ticks', (t) => {
  const pulse = createPulse();
  let ticks = 1;
  while (pulse.tick(0).kind !== 'dead') ticks += 1;
  t.is(ticks, DEAD_AFTER_TICKS);
  t.true((ticks + 1) * TICK_MS <= 6_000);
});

test('pulse: given a peer that is heard now and then, then it lives and is pinged at intervals', (t) => {
  const pulse = createPulse();
  let pings = 0;
  for (let tick = 0; tick < 10 * PING_EVERY_TICKS; tick += 1) {
    const beat = pulse.tick(tick);
    t.not(beat.kind, 'dead');
    if (beat.kind === 'ping') pings += 1;
    if (tick % (DEAD_AFTER_TICKS - 1) === 0) pulse.heard();
  }
  t.is(pings, 10);
});

test('pulse: given answers, then the round trip is smoothed, and an old answer or a clock that was set counts nothing', (t) => {
  const pulse = createPulse();
  t.is(pulse.rttMs(), null);
  const first = pulse.tick(1_000);
  if (first.kind !== 'ping') {
    t.fail('the first beat is a ping');
    return;
  }
  pulse.answered(first.id + 100, 1_001);
  t.is(pulse.rttMs(), null);
  pulse.answered(first.id, 1_080);
  t.is(pulse.rttMs(), 80);
  pulse.answered(first.id, 9_000);
  t.is(pulse.rttMs(), 80);
  for (let tick = 1; tick < PING_EVERY_TICKS; tick += 1) pulse.tick(0);
  const second = pulse.tick(5_000);
  if (second.kind === 'ping') pulse.answered(second.id, 4_000);
  t.is(pulse.rttMs(), 80);
});

test('pulse: given a doubt, however often, then a peer that is heard lives on, and a silent one is dead much sooner', (t) => {
  const pulse = createPulse();
  const id = pulse.recheck(1_000);
  pulse.heard();
  pulse.answered(id, 1_020);
  t.is(pulse.rttMs(), 20);
  for (let tick = 1; tick < DEAD_AFTER_TICKS; tick += 1) t.not(pulse.tick(0).kind, 'dead');
  pulse.heard();
  for (let doubt = 0; doubt < 10; doubt += 1) pulse.recheck(0);
  for (let tick = 1; tick < RECHECK_TICKS; tick += 1) t.not(pulse.tick(0).kind, 'dead');
  t.is(pulse.tick(0).kind, 'dead');
});

test('pulse: given a recheck just before a ping is due, then the answer is measured from the recheck', (t) => {
  const pulse = createPulse();
  for (let tick = 0; tick < PING_EVERY_TICKS; tick += 1) pulse.tick(tick * TICK_MS);
  const id = pulse.recheck(2_000);
  pulse.tick(2_100);
  pulse.answered(id, 2_150);
  t.is(pulse.rttMs(), 150);
});
