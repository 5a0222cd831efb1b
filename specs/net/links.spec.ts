import { until } from '../support/until.js';
import { isWhole, netTest } from './asked.js';
import { openLab } from './lab.js';

const test = netTest('a link over a bad wire');
const bad = { delayMs: 25, doubledPercent: 5, reorderedPercent: 10 };

for (const carrier of isWhole ? (['tcp', 'udp'] as const) : (['udp'] as const)) {
  for (const lossPercent of isWhole ? [10, 30] : [10]) {
    test(`net: given ${lossPercent}% loss each way, duplicated and reordered packets, then ${carrier} delivers every payload once and in order`, async (t) => {
      t.timeout(180_000);
      const { one, two } = await openLab(t, [carrier], { ...bad, lossPercent });
      two.meet(one);
      one.meet(two);
      for (const { reports } of [one, two])
        await until(() => reports.some(({ state }) => state === 'open'), 'the link', 60_000);
      const count = 250;
      one.say(two, count, 20);
      two.say(one, count, 20);
      for (const machine of [one, two]) {
        const report = await until(
          async () => {
            const latest = await machine.report();
            return latest.got >= count && latest;
          },
          'everything',
          150_000,
        );
        t.like(report, { got: count, mistakes: 0 });
        t.log(`${carrier}, ${lossPercent}% loss: p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms`);
      }
    });
  }

  test(`net: given a wire that is cut for some time, when it is back, then ${carrier} continues and nothing is lost`, async (t) => {
    t.timeout(120_000);
    const { one, two, toggle } = await openLab(t, [carrier], { ...bad, lossPercent: 0 });
    two.meet(one);
    one.meet(two);
    await until(() => one.reports.some(({ state }) => state === 'open'), 'the link');
    const cutMs = isWhole ? 20_000 : 8_000;
    const count = cutMs / 50 + 40;
    one.say(two, count, 50);
    await until(async () => (await two.report()).got > 10, 'the first');
    toggle();
    const cut = await two.report();
    await new Promise((resolve) => setTimeout(resolve, cutMs));
    toggle();
    const back = Date.now();
    await until(async () => (await two.report()).got > cut.got + 20, 'it goes on');
    t.log(`${carrier}: continued after ${Date.now() - back} ms`);
    await until(async () => (await two.report()).got >= count, 'everything');
    t.like(await two.report(), { got: count, mistakes: 0 });
  });
}

test('net: given a delay longer than the interval between two connection requests over TCP, then the link still opens', async (t) => {
  t.timeout(60_000);
  const slow = { delayMs: 800, lossPercent: 0, doubledPercent: 0, reorderedPercent: 0 };
  const { one, two } = await openLab(t, ['tcp'], slow);
  two.meet(one);
  one.meet(two);
  await until(() => one.reports.some(({ state }) => state === 'open'), 'the link');
  t.like(await one.report(), { got: 0, mistakes: 0 });
});
