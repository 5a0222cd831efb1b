import test from 'ava';
import { Visitor } from '../../../../client/dashboard/model/visitor.js';

test('visitor: who logs in after another is somebody else; who comes back, or has a new name, is not', (t) => {
  const visitor = new Visitor();
  const told = [null, 'alice', 'alicia', null, 'alicia', null, null, 'bob', 'bob'].map((username) =>
    visitor.isAnother(username),
  );
  t.deepEqual(told, [false, false, false, false, false, false, false, true, false]);
});
