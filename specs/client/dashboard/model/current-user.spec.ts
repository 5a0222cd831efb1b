import test from 'ava';
import { CurrentUser } from '../../../../client/dashboard/model/current-user.js';

test('visitor: who logs in after another is somebody else; who comes back, or has a new name, is not', (t) => {
  const currentUser = new CurrentUser();
  const told = [null, 'alice', 'alicia', null, 'alicia', null, null, 'bob', 'bob'].map((username) =>
    currentUser.isOther(username),
  );
  t.deepEqual(told, [false, false, false, false, false, false, false, true, false]);
});
