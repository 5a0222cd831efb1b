import test from 'ava';
import type { CarrierKind } from '../../../../client/chat/events.js';
import { type DeviceId, deviceIdSchema } from '../../../../core/ids.js';
import { monitorRows } from '../../../../client/dashboard/overlay/monitor.js';
import { widthOf } from '../../../../screen/paint/row.js';
import { themes } from '../../../../screen/paint/theme.js';
import { sparkline } from '../../../../client/dashboard/view/sparkline.js';
import { LinkMonitor, type MonitoredLink } from '../../../../client/dashboard/model/link-monitor.js';
import { answer, FakeChat } from '../../../support/fake-chat.js';
import { createTime } from '../../../support/time.js';
import { until } from '../../../support/until.js';

/** A device id that begins with `start`. */
const deviceOf = (start: string): DeviceId => deviceIdSchema.parse(start.padEnd(56, 'A'));

const bob: MonitoredLink = {
  device: deviceOf('UB'),
  peer: 'bob',
  carrier: 'udp',
  choice: 'auto',
  isVerified: true,
  attempts: [],
  sentBytes: 0,
  receivedBytes: 0,
  reason: 'Connected over udp. Not over tcp: refused.',
  rttMs: 21.4,
  loss: 0.0216,
  queued: 3,
  ageMs: 192_000,
  roundTrips: [null, 10, 20],
};

const link = (device: string, rttMs: number | null, carrier: CarrierKind | null) => {
  const { roundTrips: _, ...listed } = bob;
  return { ...listed, device: deviceOf(device), rttMs, carrier };
};

const texts = (rows: ReturnType<typeof monitorRows>): readonly string[] =>
  rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

test('sparkline: the highest number is a full bar, null is a blank, and small differences are not shown', (t) => {
  t.is(sparkline([null, 10, 20, 40], 6), '   ▃▅█');
  t.is(sparkline([0.4, 1.2, 0.9], 3), '▁▁▁');
  t.is(sparkline([1, 2, 3, 80, 80], 2), '██');
});

test('link monitor: each link shows its carrier, round trips, queue, age and reason', (t) => {
  const lost = {
    ...bob,
    peer: 'eve',
    carrier: null,
    choice: 'tcp' as const,
    isVerified: false,
    rttMs: null,
    loss: null,
    queued: 0,
  };
  for (const columns of [52, 72, 100]) {
    const rows = monitorRows([bob, lost], 4, columns, themes.dark);
    t.true(
      rows.every((row) => widthOf(row) <= columns),
      `${columns}`,
    );
    const told = texts(rows);
    t.is(told[0], 'Broker: 4 ms.');
    t.regex(told[3] ?? '', /^bob ✓ +udp .*▅█ +21 ms +2\.2% +3 +3 min 12 s$/);
    t.regex(told.join(' '), /eve +none [^%]* - +0 /);
    t.regex(told.join(' '), /Connected over udp\. .*You chose to use only tcp\./s);
  }
  t.regex(
    texts(monitorRows([], null, 72, themes.dark)).join(' '),
    /No connection to the broker.*no links yet/,
  );
});

test('link monitor: round trips are kept for each device, and the fastest link to a person is the best', async (t) => {
  const chat = new FakeChat();
  let changes = 0;
  const monitor = new LinkMonitor(chat, createTime(0).schedule, () => {
    changes += 1;
  });
  const refresh = async (links: readonly ReturnType<typeof link>[]): Promise<void> => {
    const before = changes;
    chat.answers.links = answer(500, 'DONE', '', { links });
    monitor.measure();
    await until(() => changes >= before + 2, 'links and broker are measured');
  };
  chat.trip = 7;
  await refresh([link('UB', 9, 'tcp'), link('UC', 4, 'relay')]);
  await refresh([link('UC', 5, 'relay'), link('UB', 9, null)]);
  t.is(monitor.brokerMs, 7);
  t.deepEqual(
    monitor.links.map(({ device, roundTrips }) => [device.slice(0, 2), roundTrips]),
    [
      ['UC', [4, 5]],
      ['UB', [9, null]],
    ],
  );
  t.deepEqual(monitor.bestLinkTo('bob'), { carrier: 'relay', rttMs: 5 });
  t.is(monitor.bestLinkTo('nobody'), null);
  t.is(monitor.queuedFor('bob'), 3);
  t.true(monitor.isAnythingQueued);
  // A change during a refresh causes one more refresh.
  chat.answers.links = answer(500, 'DONE', '', { links: [link('UB', 9, 'tcp')] });
  monitor.refresh();
  chat.answers.links = answer(500, 'DONE', '', { links: [{ ...link('UB', 9, 'tcp'), queued: 0 }] });
  monitor.refresh();
  await until(() => !monitor.isAnythingQueued, 'nothing is queued');
  chat.username = null;
  monitor.refresh();
  t.deepEqual(monitor.links, []);
});
