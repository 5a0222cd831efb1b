import test from 'ava';
import { openTrackerFixture } from '../tracker-fixture.js';

test('tables: migrations and entities agree', async (t) => {
  const { database } = await openTrackerFixture(t);
  t.deepEqual(await database.drift(), []);
});
