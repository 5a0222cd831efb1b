import test from 'ava';
import { operationOf } from '../../../actors/metrics/operation.js';

test('operation: only known operations become labels', (t) => {
  t.is(operationOf('ChatRoom', { operation: 'JOIN', name: 'lobby' }), 'JOIN');
  t.is(operationOf('Account', { operation: 'LOGOUT' }), 'LOGOUT');
  t.is(operationOf('People', { operation: 'LIST' }), 'LIST');
  t.is(operationOf('ChatRoom', { operation: 'LOGOUT' }), 'unknown');
  for (const data of [null, 'JOIN', 7, [], { operation: 'x'.repeat(10_000) }, { operation: ['JOIN'] }]) {
    t.is(operationOf('ChatRoom', data), 'unknown');
  }
  t.is(operationOf('PRIVATE', { operation: 'whatever I like', username: 'ben' }), '');
});
