import test from 'ava';
import { type Moment, parseMoment, positionAt, spanBetween } from '../../admin/moment.js';
import { OperatorError } from '../../core/errors.js';
import { openTrackerFixture } from '../actors/tracker-fixture.js';
import { append, event, handClock, START } from '../core/events/samples.js';
import { seededNumbers } from '../core/events/tampering.js';
import { homeOf } from './histories.js';

const DAY_MS = 86_400_000;
const EVENTS = 40;
const at = (time: number): Moment => ({ kind: 'time', time });
const after = (position: number): Moment => ({ kind: 'position', position });

const good: readonly (readonly [string, Moment])[] = [
  ['0', after(0)],
  ['1234', after(1_234)],
  ['now', { kind: 'now' }],
  ['2026-01-01', at(START)],
  ['2026-01-01T00:00:00Z', at(START)],
  ['2026-01-01T00:00Z', at(START)],
  ['2026-01-01T00:00', at(START)],
  ['2026-01-01T00:00:00', at(START)],
  ['2026-01-01T01:00:00+01:00', at(START)],
  ['2026-01-01T00:00:00.250Z', at(START + 250)],
  ['90m', at(START - 90 * 60_000)],
  ['7d', at(START - 7 * DAY_MS)],
];

for (const [text, moment] of good) {
  test(`moment: "${text}" is a moment`, (t) => {
    t.deepEqual(parseMoment(text, handClock()), moment);
  });
}

for (const text of ['', 'yesterday', '2026-13-01', '2026-01-32', '5w', '-5m', '-5', '1.5', '12:00', '1e3']) {
  test(`moment: "${text}" is not a moment`, (t) => {
    t.is(parseMoment(text, handClock()), null);
  });
}

test('moment: given times of events, then a time is the position of the last event at or before it', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { reader } = homeOf(t, fixture);
  t.is(await positionAt(reader, at(START)), 0);
  t.is(await positionAt(reader, { kind: 'now' }), 0);
  const pick = seededNumbers(1);
  const times: number[] = [];
  for (let version = 0; version < EVENTS; version += 1) {
    fixture.clock.advance(pick(4));
    times.push(fixture.clock.now());
    await fixture.store.append(append('a-stream', version, { events: [event('Happened')] }));
  }
  const end = fixture.clock.now();
  for (let time = START - 2; time <= end + 2; time += 1) {
    const expected = times.filter((recorded) => recorded <= time).length;
    t.is(await positionAt(reader, at(time)), expected, String(time - START));
    t.deepEqual(await spanBetween(reader, at(time), at(time)), {
      after: times.filter((recorded) => recorded < time).length,
      upTo: expected,
    });
  }
  t.is(await positionAt(reader, { kind: 'now' }), EVENTS);
  t.is(await positionAt(reader, after(17)), 17);
  t.deepEqual(await spanBetween(reader, after(3), after(99)), { after: 2, upTo: 99 });
  t.deepEqual(await spanBetween(reader, undefined, undefined), { after: 0, upTo: Number.POSITIVE_INFINITY });
  await t.throwsAsync(positionAt(reader, after(EVENTS + 1)), {
    instanceOf: OperatorError,
    message: 'the log has no position 41: it ends at position 40',
  });
});

test('moment: given a clock that was set back, then the event there is at or before the time and the next one after it', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { reader } = homeOf(t, fixture);
  const pick = seededNumbers(2);
  const times: number[] = [];
  for (let version = 0; version < EVENTS; version += 1) {
    fixture.clock.advance(pick(14) - 5);
    times.push(fixture.clock.now());
    await fixture.store.append(append('a-stream', version, { events: [event('Happened')] }));
  }
  for (let time = Math.min(...times) - 1; time <= Math.max(...times); time += 1) {
    const position = await positionAt(reader, at(time));
    t.true((times[position - 1] ?? Number.NEGATIVE_INFINITY) <= time);
    t.true((times[position] ?? Number.POSITIVE_INFINITY) > time);
  }
});
