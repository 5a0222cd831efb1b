import test from 'ava';
import { openOffice } from '../tracker-fixture.js';

test('tables: migrations and entities agree', async (t) => {
  const { database } = await openOffice(t);
  t.deepEqual(await database.drift(), []);
});
