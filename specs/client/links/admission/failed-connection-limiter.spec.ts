import test from 'ava';
import { HANDSHAKE_TIMEOUT_MS, FAILED_CONNECTIONS_PER_SECOND } from '../../../../client/links/limits.js';
import { createFailedConnectionLimiter } from '../../../../client/links/admission/failed-connection-limiter.js';

function start() {
  let nowMs = 1_000_000;
  const limiter = createFailedConnectionLimiter<string>({ now: () => nowMs });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  const waste = (origin: string, count: number): void => {
    for (let number = 0; number < count; number += 1) limiter.admit(origin)?.();
  };
  return { limiter, pass, waste };
}

test('failed-connection limiter: given an origin with too many failures, then it is refused until the next second, and other origins are not', (t) => {
  const { limiter, pass, waste } = start();
  waste('a', FAILED_CONNECTIONS_PER_SECOND - 1);
  t.truthy(limiter.admit('a'));
  waste('a', 1);
  t.is(limiter.admit('a'), null);
  t.truthy(limiter.admit('b'));
  pass(999);
  t.is(limiter.admit('a'), null);
  pass(1);
  t.truthy(limiter.admit('a'));
});

test('failed-connection limiter: given many connections of an origin that stay open longer than a handshake, then more are admitted', (t) => {
  const { limiter, pass } = start();
  const reports = Array.from({ length: 10 * FAILED_CONNECTIONS_PER_SECOND }, () => limiter.admit('a'));
  t.false(reports.includes(null));
  pass(HANDSHAKE_TIMEOUT_MS + 1);
  for (const report of reports) report?.();
  t.truthy(limiter.admit('a'));
});
