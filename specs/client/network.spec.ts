import test from 'ava';
import { watchNetwork } from '../../client/network.js';
import { createTime } from '../support/time.js';

const SECOND_MS = 1_000;

test('network: given addresses that change, then each change is reported once, and a new order is no change', async (t) => {
  const time = createTime();
  let addresses = ['192.0.2.1', '192.0.2.2'];
  const network = watchNetwork(time.schedule, () => addresses);
  let changes = 0;
  const stop = network.onChanged(() => {
    changes += 1;
  });
  addresses = addresses.toReversed();
  await time.pass(2 * SECOND_MS);
  t.is(changes, 0);
  addresses = ['198.51.100.7'];
  await time.pass(2 * SECOND_MS);
  t.is(changes, 1);
  stop();
  addresses = [];
  await time.pass(2 * SECOND_MS);
  t.is(changes, 1);
  network.close();
  t.is(time.pending(), 0, 'no timer is left');
});
