// Paths that carry small packets only, with and without reports of the router, and with and without TCP.
import { until } from '../support/until.js';
import { isWhole, netTest } from './asked.js';
import { openNarrowPath } from './narrow.js';

const test = netTest('a path of small packets');

interface Path {
  readonly mtu: number;
  /** Whether the router reports packets that are too large. */
  readonly hasIcmp: boolean;
  readonly hasTcp: boolean;
}

const paths: readonly Path[] = [1_000, 576].flatMap((mtu) =>
  [true, false].flatMap((hasIcmp) => [true, false].map((hasTcp) => ({ mtu, hasIcmp, hasTcp }))),
);
const short: readonly Path[] = [{ mtu: 1_000, hasIcmp: false, hasTcp: true }];

const MESSAGES = 24;
const EVERY_MS = isWhole ? 2_500 : 250;
/** The number of times a link may open: once at first, and once more when it changes to a better carrier. */
const CHANGES = 2;

for (const { mtu, hasIcmp, hasTcp } of isWhole ? paths : short) {
  const icmp = hasIcmp ? 'reports' : 'does not report';
  const tcp = hasTcp ? 'lets TCP pass' : 'blocks TCP';
  test(`packet size: given a router that carries ${mtu} bytes, ${icmp} larger packets and ${tcp}, then every message arrives, and the carrier does not change again and again`, async (t) => {
    t.timeout(180_000);
    const { one, two } = await openNarrowPath(t, { mtu, hasIcmp, hasTcp });
    two.meet(one);
    one.meet(two);
    await until(() => one.reports.some(({ state }) => state === 'open'), 'the link');
    one.say(two, MESSAGES, EVERY_MS, 4_000);
    two.say(one, MESSAGES, EVERY_MS, 4_000);
    for (const machine of [one, two]) {
      const report = await until(
        async () => {
          const latest = await machine.report();
          return latest.got >= MESSAGES && latest;
        },
        'everything',
        120_000,
      );
      t.like(report, { got: MESSAGES, mistakes: 0 });
      const opened = machine.reports.filter(({ state }) => state === 'open');
      t.log(
        `${opened.map(({ carrier }) => carrier).join(', ')}: p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms`,
      );
      t.true(opened.length <= CHANGES, JSON.stringify(opened));
      t.false(
        machine.reports.some(
          ({ state, reason }) => state === 'closed' && /stopped responding/.test(String(reason)),
        ),
      );
    }
  });
}
