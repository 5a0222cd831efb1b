import test from 'ava';
import { HANDSHAKE_TIMEOUT_MS, WASTED_LIMIT } from '../../../../client/links/limits.js';
import { createTurnstile } from '../../../../client/links/admission/failed-connection-limiter.js';

function start() {
  let nowMs = 1_000_000;
  const turnstile = createTurnstile<string>({ now: () => nowMs });
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  const waste = (origin: string, count: number): void => {
    for (let number = 0; number < count; number += 1) turnstile.enter(origin)?.();
  };
  return { turnstile, pass, waste };
}

test('turnstile: given an origin whose connections come to nothing, then it waits for the next second, and others do not', (t) => {
  const { turnstile, pass, waste } = start();
  waste('a', WASTED_LIMIT - 1);
  t.truthy(turnstile.enter('a'));
  waste('a', 1);
  t.is(turnstile.enter('a'), null);
  t.truthy(turnstile.enter('b'));
  pass(999);
  t.is(turnstile.enter('a'), null);
  pass(1);
  t.truthy(turnstile.enter('a'));
});

test('turnstile: given an origin with many connections that are open or were for a while, then more may come', (t) => {
  const { turnstile, pass } = start();
  const leaves = Array.from({ length: 10 * WASTED_LIMIT }, () => turnstile.enter('a'));
  t.false(leaves.includes(null));
  pass(HANDSHAKE_TIMEOUT_MS + 1);
  for (const leave of leaves) leave?.();
  t.truthy(turnstile.enter('a'));
});
