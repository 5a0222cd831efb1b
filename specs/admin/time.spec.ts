import test from 'ava';
import { parseTime } from '../../admin/time.js';
import { handClock, START } from '../core/events/samples.js';

const DAY_MS = 86_400_000;

const good: readonly (readonly [string, number])[] = [
  ['2026-01-01', START],
  ['2026-01-01T00:00:00Z', START],
  ['2026-01-01T00:00:00', START],
  ['2026-01-01T01:00:00+01:00', START],
  ['2026-01-01T00:00:00.250Z', START + 250],
  ['90m', START - 90 * 60_000],
  ['7d', START - 7 * DAY_MS],
];

for (const [text, time] of good) {
  test(`time: "${text}" is a valid time`, (t) => {
    t.is(parseTime(text, handClock()), time);
  });
}

for (const text of ['', 'yesterday', '2026-13-01', '2026-01-32', '5', '5w', '-5m', '12:00']) {
  test(`time: "${text}" is not a valid time`, (t) => {
    t.is(parseTime(text, handClock()), null);
  });
}
