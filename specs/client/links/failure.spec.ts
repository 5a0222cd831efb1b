import test from 'ava';
import { failure, failureAt } from '../../../client/links/failure.js';

for (const [detail, shown] of [
  ['connect ECONNREFUSED 192.0.2.1:4000', '192.0.2.1:4000: connect ECONNREFUSED'],
  ['192.0.2.1:4000', '192.0.2.1:4000'],
  ['connect ECONNREFUSED 192.0.2.1:40001', '192.0.2.1:4000: connect ECONNREFUSED 192.0.2.1:40001'],
  ['timed out', '192.0.2.1:4000: timed out'],
  [null, '192.0.2.1:4000'],
] as const) {
  test(`failure: given the detail ${detail ?? 'none'}, then the address is named once`, (t) => {
    t.is(failureAt('192.0.2.1:4000', failure('unreachable', detail)).detail, shown);
  });
}
