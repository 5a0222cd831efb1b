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

test('turnstile: given an origin whose connections come to nothing, then it waits for the next second, and others do not', (t) => {
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

test('turnstile: given an origin with many connections that are open or were for a while, then more may come', (t) => {
  const { limiter, pass } = start();
  const leaves = Array.from({ length: 10 * FAILED_CONNECTIONS_PER_SECOND }, () => limiter.admit('a'));
  t.false(leaves.includes(null));
  pass(HANDSHAKE_TIMEOUT_MS + 1);
  for (const leave of leaves) leave?.();
  t.truthy(limiter.admit('a'));
});
