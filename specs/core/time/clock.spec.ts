import test from 'ava';
import { systemClock } from '../../../core/time/clock.js';

test('clock: the present time is in whole milliseconds since 1970', (t) => {
  const now = systemClock.now();
  t.true(Number.isInteger(now));
  t.true(now >= Date.UTC(2024, 0, 1));
});
