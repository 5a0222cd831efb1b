import test from 'ava';
import { durationMs } from '../../core/duration.js';

test('duration: a number and a unit', (t) => {
  t.is(durationMs('0m'), 0);
  t.is(durationMs('30s'), 30_000);
  t.is(durationMs('90m'), 5_400_000);
  t.is(durationMs('24H'), 86_400_000);
  t.is(durationMs('7d'), 604_800_000);
});

test('duration: anything else is none', (t) => {
  for (const text of ['', '0', '-1h', '1', 'h', '1.5h', '1 h', '1w', '1234567890d', '1h\n', 'constructor']) {
    t.is(durationMs(text), null, text);
  }
});
