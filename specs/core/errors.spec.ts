import test from 'ava';
import * as fc from 'fast-check';
import { InvariantError, invariant, messageOf, OperatorError } from '../../core/errors.js';

test('errors: an operator error has a remedy and a cause', (t) => {
  const cause = new Error('EADDRINUSE');
  const error = new OperatorError('The port is taken.', 'Choose another.', { cause });
  t.like(error, { name: 'OperatorError', message: 'The port is taken.', remedy: 'Choose another.', cause });
});

test('errors: an invariant that holds does nothing, and a broken one throws', (t) => {
  t.notThrows(() => invariant(true, 'never'));
  for (const broken of [false, 0, '', null, undefined]) {
    t.throws(() => invariant(broken, 'it must hold'), {
      instanceOf: InvariantError,
      message: 'it must hold',
    });
  }
});

test('errors: any thrown value has a text', (t) => {
  t.is(messageOf(new Error('why')), 'why');
  t.is(messageOf('why'), 'why');
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (thrown) => {
      t.is(typeof messageOf(thrown), 'string');
    }),
  );
  t.is(messageOf(Object.create(null)), '[Object: null prototype] {}');
});
