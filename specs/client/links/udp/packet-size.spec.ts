import test from 'ava';
import { searchPacketSize } from '../../../../client/links/udp/packet-size.js';
import { createTime } from '../../../support/time.js';

/** The sizes in use, one after the other, over a path that carries packets up to `pathBytes` and loses the first probes. */
async function sizesOver(pathBytes: number, lostProbes = 0) {
  const time = createTime();
  const used: number[] = [];
  let probes = 0;
  const search = searchPacketSize({
    probe(bytes) {
      probes += 1;
      if (bytes <= pathBytes && probes > lostProbes) time.schedule(40, () => search.echoed(bytes));
    },
    onLarger: (bytes) => void used.push(bytes),
    schedule: time.schedule,
  });
  await time.pass(4_000 - 1);
  const isOverEarly = search.isOver();
  await time.pass(60_000);
  return { used: used.at(-1) ?? null, probes, pending: time.pending(), search, isOverEarly };
}

for (const [pathBytes, expected] of [
  [1_500, 1_200],
  [1_200, 1_200],
  [1_199, 1_000],
  [1_000, 1_000],
  [999, 800],
  [576, null],
] as const) {
  test(`packet size: given a path that carries ${pathBytes} bytes, then ${expected ?? 'the first size'} is used, and the search ends`, async (t) => {
    const { used, probes, pending, search, isOverEarly } = await sizesOver(pathBytes);
    t.is(used, expected);
    t.is(isOverEarly, expected === 1_200);
    t.true(search.isOver());
    t.true(probes <= 18);
    t.is(pending, 0);
  });
}

test('packet size: given lost probes, then they are sent again', async (t) => {
  t.is((await sizesOver(1_500, 9)).used, 1_200);
});

test('packet size: given an echo of a size that was not probed, or a smaller one, then it is ignored', async (t) => {
  const { search } = await sizesOver(576);
  const used: number[] = [];
  const time = createTime();
  const other = searchPacketSize({
    probe: () => undefined,
    onLarger: (bytes) => void used.push(bytes),
    schedule: time.schedule,
  });
  for (const bytes of [60_000, 0, 1_000, 800]) other.echoed(bytes);
  t.deepEqual(used, [1_000]);
  search.stop();
  other.stop();
  t.is(time.pending(), 0);
});
