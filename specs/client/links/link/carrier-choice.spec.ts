import test from 'ava';
import type { Carrier } from '../../../../client/links/carrier.js';
import { createUdpCarrier } from '../../../../client/links/udp/udp.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { silentLog } from '../../../../core/log.js';
import { until } from '../../../support/until.js';
import { keyPairInOrder, startDevice } from '../device.js';
import { introduce, pairOverBoth } from '../pair.js';

test('choice: given a link over UDP, when TCP works too, then TCP takes over and no payload is lost or duplicated', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  introduce(ben, ann);
  introduce(ann, ben, { udp: ben.addresses.udp ?? [] });
  await until(() => ann.link(ben)?.carrier === 'udp', 'the link over UDP');
  introduce(ann, ben);
  const sent: string[] = [];
  await until(() => {
    sent.push(`payload ${sent.length}`);
    for (const [from, to] of [
      [ann, ben],
      [ben, ann],
    ] as const)
      from.say(to, sent.at(-1) ?? '');
    return ann.link(ben)?.carrier === 'tcp' && ben.link(ann)?.carrier === 'tcp';
  }, 'TCP to take over');
  await until(() => ann.got.length >= sent.length && ben.got.length >= sent.length, 'all payloads');
  t.deepEqual(ann.got, sent);
  t.deepEqual(ben.got, sent);
  t.deepEqual([...ann.restarts, ...ben.restarts], []);
  for (const device of [ann, ben])
    t.deepEqual(
      device.states.map(({ state }) => state),
      ['dialing', 'open', 'open'],
      'the link stayed open',
    );
});

for (const side of ['that dials', 'that waits'] as const) {
  test(`choice: given a link, when the side ${side} chooses another carrier, then the link uses it, and each payload arrives once`, async (t) => {
    const [ann, ben] = await pairOverBoth(t);
    introduce(ben, ann);
    introduce(ann, ben);
    await until(() => ann.link(ben)?.carrier === 'tcp', 'the link over TCP');
    const [one, other] = side === 'that dials' ? [ann, ben] : [ben, ann];
    one.say(other, 'before');
    one.links.choose(other.id, 'udp');
    one.say(other, 'after');
    await until(() => one.link(other)?.carrier === 'udp' && other.link(one)?.carrier === 'udp', 'UDP');
    await until(() => other.got.length === 2, 'both payloads');
    t.deepEqual(other.got, ['before', 'after']);
    one.links.choose(other.id, 'auto');
    await until(() => ann.link(ben)?.carrier === 'tcp', 'the better one again');
  });
}

test('choice: given a chosen carrier that cannot work, then payloads wait, the reason says so, and auto sends them', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  ann.links.choose(ben.id, 'relay');
  introduce(ben, ann);
  introduce(ann, ben);
  ann.say(ben, 'sooner or later');
  await until(() => ann.link(ben)?.state === 'closed', 'the reason');
  t.regex(ann.link(ben)?.reason.message ?? '', /no address for relay, the only carrier allowed/);
  t.is(ann.link(ben)?.queued, 1);
  ann.links.choose(ben.id, 'auto');
  await until(() => ben.got.length === 1, 'the payload');
  t.is(ann.link(ben)?.carrier, 'tcp');
});

test('choice: given a carrier chosen by the waiting side that cannot work, then the dialling side sees the refusal', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  ben.links.choose(ann.id, 'relay');
  introduce(ben, ann);
  introduce(ann, ben);
  await until(() => ann.link(ben)?.reason.code === 'unwanted', 'the refusal');
  t.deepEqual(ben.got, []);
  ben.links.choose(ann.id, 'auto');
  await until(() => ann.link(ben)?.state === 'open', 'the link');
});

test('choice: given a link over UDP whose attempts over TCP became rare, when the device announces another address, then TCP is tried soon', async (t) => {
  t.timeout(60_000);
  const [ann, ben] = await pairOverBoth(t);
  const udp = ben.addresses.udp ?? [];
  introduce(ben, ann);
  introduce(ann, ben, { tcp: [{ ip: '127.0.0.1', port: 1 }], udp });
  const tcpAttempts = () => ann.link(ben)?.attempts.filter(({ carrier }) => carrier === 'tcp') ?? [];
  await until(() => tcpAttempts().length === 3, 'the next attempt over TCP');
  introduce(ann, ben);
  // The new address resets the delay, which would otherwise be four times the first one.
  await until(() => ann.link(ben)?.carrier === 'tcp', 'TCP to take over');
  t.deepEqual(ann.restarts, []);
});

test('choice: given the side that waits, then it punches only for the carriers that it allows', async (t) => {
  const [dialling, waiting] = keyPairInOrder();
  const ann = await startDevice(t, dialling, []);
  const open = new Set<AbortSignal>();
  const carrier: Carrier = {
    ...createUdpCarrier({ host: '127.0.0.1', clock: systemClock, schedule: systemSchedule, log: silentLog }),
    punch(_, signal) {
      open.add(signal);
      signal.addEventListener('abort', () => open.delete(signal));
    },
  };
  const ben = await startDevice(t, waiting, [carrier]);
  ben.links.choose(ann.id, 'relay');
  introduce(ben, ann);
  t.is(open.size, 0);
  ben.links.choose(ann.id, 'udp');
  t.is(open.size, 1);
  introduce(ben, ann, { udp: [{ ip: '127.0.0.1', port: 9 }] });
  t.is(open.size, 1);
  ben.links.choose(ann.id, 'tcp');
  t.is(open.size, 0);
  ben.links.choose(ann.id, 'auto');
  t.is(open.size, 1);
});
