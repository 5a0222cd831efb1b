import test from 'ava';
import { createPathCounts } from '../../../../client/links/udp/packet-counts.js';

test('packet counts: given reports of the peer, then the packets that did not arrive are lost', (t) => {
  const path = createPathCounts();
  t.is(path.counts(), null);
  t.is(path.ask(10), 10);
  t.is(path.ask(29), null, 'a quiet stream stays quiet');
  path.answered(10, 9);
  t.deepEqual(path.counts(), { sent: 10, lost: 1 });
  t.is(path.ask(30), 30);
  path.answered(30, 31);
  t.deepEqual(path.counts(), { sent: 30, lost: 0 }, 'duplicates are no negative loss');
});

test('packet counts: given an answer that is overtaken, or to a question that was not asked, then it is ignored', (t) => {
  const path = createPathCounts();
  for (const sent of [10, 30]) path.ask(sent);
  path.answered(30, 28);
  path.answered(10, 0);
  path.answered(31, 0);
  t.deepEqual(path.counts(), { sent: 30, lost: 2 });
});

test('packet counts: given a restart, then earlier losses and answers do not count', (t) => {
  const path = createPathCounts();
  path.ask(30);
  path.restart();
  path.answered(30, 12);
  t.is(path.counts(), null);
  path.ask(40);
  path.answered(40, 22);
  t.deepEqual(path.counts(), { sent: 0, lost: 0 });
  path.ask(60);
  path.answered(60, 41);
  t.deepEqual(path.counts(), { sent: 20, lost: 1 });
});
