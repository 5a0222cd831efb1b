// Playing the log, with a clock that the spec lets pass.
import test from 'ava';
import { Playback } from '../../../admin/time-machine/model/playback.js';
import { createTime } from '../../support/time.js';
import { DAY_MS, HOUR_MS, opened, START } from './opened.js';

test('time machine: given play at 1x, then each event is shown when it is due', async (t) => {
  const { machine, time } = await opened(t, 1);
  machine.togglePlay();
  await time.pass(59_000);
  t.is(machine.at, 1);
  t.is(machine.playback.waitMs, 60_000);
  await time.pass(1_000);
  t.is(machine.at, 2);
  await time.pass(120_000);
  t.is(machine.at, 4);
  machine.togglePlay();
  await time.pass(HOUR_MS);
  t.is(machine.at, 4);
});

test('time machine: given play at 10x, 100x and max, then the pauses are shorter, and the end stops it', async (t) => {
  for (const [faster, passMs, at] of [
    [1, 6_000, 2],
    [1, 18_000, 4],
    [2, 600, 2],
    [3, 40, 2],
  ] as const) {
    const { machine, time } = await opened(t, 1);
    for (let times = 0; times < faster; times += 1) machine.changeSpeed(1);
    machine.togglePlay();
    await time.pass(passMs);
    t.is(machine.at, at, `${machine.playback.speedText} for ${passMs} ms`);
  }
  const { machine, time } = await opened(t, 8);
  for (let times = 0; times < 5; times += 1) machine.changeSpeed(1);
  t.is(machine.playback.speedText, 'max');
  machine.togglePlay();
  await time.pass(1_000);
  t.is(machine.at, 10);
  t.false(machine.playback.isPlaying);
});

test('time machine: given play and a slow reading, then the events that were due meanwhile are passed', async (t) => {
  const { machine, time, reads } = await opened(t, 1);
  const held: (() => void)[] = [];
  machine.togglePlay();
  reads.gate = () => new Promise((resolve) => held.push(resolve));
  await time.pass(60_000);
  t.is(machine.at, 2);
  await time.pass(120_000);
  t.is(machine.at, 2);
  reads.gate = () => Promise.resolve();
  for (const release of held) release();
  await time.pass(0);
  await time.pass(0);
  t.is(machine.at, 4);
});

test('time machine: given play at the end, then it begins at the beginning', async (t) => {
  const { machine, time } = await opened(t, 10);
  machine.togglePlay();
  await time.pass(0);
  t.is(machine.at, 0);
  await time.pass(40);
  t.is(machine.at, 1);
});

test('playback: given a pause of the log that is longer than a timer can wait, then the event comes after all of it', async (t) => {
  const time = createTime(START);
  const advances: (number | null)[] = [];
  const playback = new Playback({
    clock: time,
    schedule: (delayMs, run) => {
      t.true(delayMs < 2 ** 31);
      return time.schedule(delayMs, run);
    },
    advance: (until) => advances.push(until),
  });
  playback.start();
  playback.reached({ recordedAt: START, pauseMs: 60 * DAY_MS });
  await time.pass(59 * DAY_MS);
  t.deepEqual(advances, []);
  await time.pass(DAY_MS);
  t.deepEqual(advances, [START + 60 * DAY_MS]);
});
