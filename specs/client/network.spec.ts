import test from 'ava';
import { watchNetwork } from '../../client/network.js';
import { until } from '../support/until.js';

test('network: given addresses that change, then it is told once for each change, and not for another order', async (t) => {
  let addresses = ['192.0.2.1', '192.0.2.2'];
  let looks = 0;
  const network = watchNetwork(() => {
    looks += 1;
    return addresses;
  });
  t.teardown(() => network.close());
  let told = 0;
  const stop = network.onChanged(() => {
    told += 1;
  });
  addresses = addresses.toReversed();
  await until(() => looks >= 2, 'a look');
  t.is(told, 0);
  addresses = ['198.51.100.7'];
  await until(() => looks >= 4, 'two more');
  t.is(told, 1);
  stop();
  addresses = [];
  await until(() => looks >= 5, 'another');
  t.is(told, 1);
});
