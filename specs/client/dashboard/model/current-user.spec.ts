import test from 'ava';
import { CurrentUser } from '../../../../client/dashboard/model/current-user.js';

test('current user: a login under another name is another user; the same name, or a new name without a logout, is not', (t) => {
  const currentUser = new CurrentUser();
  const results = [null, 'alice', 'alicia', null, 'alicia', null, null, 'bob', 'bob'].map((username) =>
    currentUser.isOther(username),
  );
  t.deepEqual(results, [false, false, false, false, false, false, false, true, false]);
});
