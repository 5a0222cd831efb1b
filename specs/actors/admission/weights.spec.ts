import test from 'ava';
import { weightOf } from '../../../actors/admission/weights.js';

test('weights: an ordinary command costs 1', (t) => {
  t.is(weightOf({ title: 'ChatRoom', data: { operation: 'JOIN', name: 'lobby' } }), 1);
  t.is(weightOf({ title: 'Renewal', data: {} }), 1);
  t.is(weightOf({ title: 'PRIVATE', data: { username: 'ann' } }), 1);
});

test('weights: a request that reads many rows costs more', (t) => {
  t.is(weightOf({ title: 'Sync', data: { versions: {} } }), 10);
  t.is(weightOf({ title: 'ChatRoom', data: { operation: 'SEE' } }), 10);
  t.is(weightOf({ title: 'People', data: { operation: 'LIST' } }), 10);
  t.is(weightOf({ title: 'PRIVATE', data: { accounts: Array(128).fill('x') } }), 17);
  t.is(weightOf({ title: 'People', data: { operation: 'ACCEPT', accounts: Array(128).fill('x') } }), 17);
});

test('weights: given any request data, then the cost is within the limits', (t) => {
  for (const data of [
    null,
    7,
    'x',
    [],
    { operation: 7 },
    { accounts: null },
    { accounts: Array(100_000).fill(0) },
  ]) {
    for (const title of ['ChatRoom', 'People', 'PRIVATE'] as const) {
      const weight = weightOf({ title, data });
      t.true(weight >= 1 && weight <= 17);
    }
  }
});
