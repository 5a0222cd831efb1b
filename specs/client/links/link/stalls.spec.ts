import test from 'ava';
import type { CarrierKind } from '../../../../client/links/carrier.js';
import {
  IMPROVE_MIN_MS,
  PROVEN_AFTER_MS,
  STALL_MAX_MS,
  STALL_MIN_MS,
} from '../../../../client/links/limits.js';
import { createStalls } from '../../../../client/links/link/stalls.js';
import { type Schedule, systemSchedule } from '../../../../core/time/clock.js';
import { createTime } from '../../../support/time.js';
import { until } from '../../../support/until.js';
import { introduce, pairOverBoth } from '../pair.js';
import { startWire } from '../wire.js';

test('stalls: given a carrier that stalls each time, then it is avoided for twice as long each time, up to a limit', async (t) => {
  const time = createTime();
  const stalls = createStalls(time);
  for (const minutes of [0.5, 1, 2, 4, 8, 10, 10]) {
    stalls.add('udp');
    await time.pass(minutes * 60_000 - 1);
    t.true(stalls.isAvoided('udp'), `${minutes} min`);
    await time.pass(1);
    t.false(stalls.isAvoided('udp'), `${minutes} min`);
  }
  t.is(STALL_MAX_MS, 600_000);
});

const forgetting: readonly (readonly [string, (stalls: ReturnType<typeof createStalls>) => void, boolean])[] =
  [
    ['all stalls are cleared', (stalls) => stalls.clear(), true],
    ['it has carried the link for a long time', (stalls) => stalls.carried('udp', PROVEN_AFTER_MS), true],
    ['it has carried the link for a short time', (stalls) => stalls.carried('udp', 1_000), false],
    ['another carrier has carried the link', (stalls) => stalls.carried('tcp', PROVEN_AFTER_MS), false],
  ];
for (const [when, act, isForgotten] of forgetting) {
  test(`stalls: given a carrier that stalled three times, when ${when}, then it is ${isForgotten ? 'not avoided, and the next stall counts as the first' : 'still avoided'}`, async (t) => {
    const time = createTime();
    const stalls = createStalls(time);
    for (let count = 0; count < 3; count += 1) stalls.add('udp');
    act(stalls);
    t.is(stalls.isAvoided('udp'), !isForgotten);
    stalls.add('udp');
    await time.pass(STALL_MIN_MS);
    t.is(stalls.isAvoided('udp'), !isForgotten);
  });
}

test('stalls: given TCP whose handshake passes and whose full packets are lost, then UDP carries the link, everything arrives, and the reason is named', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  const wire = await startWire(t, ben.port);
  let isStalled = false;
  wire.alter((chunk) => {
    // From the first full packet on, everything is dropped: TCP delivers nothing after a lost packet.
    isStalled ||= chunk.length > 1_000;
    return isStalled ? null : chunk;
  });
  introduce(ben, ann);
  introduce(ann, ben, { tcp: [{ ip: '127.0.0.1', port: wire.port }], udp: ben.addresses.udp ?? [] });
  for (const text of ['one', 'two']) ann.say(ben, text);
  await until(() => ben.got.length === 2, 'both payloads');
  t.is(ann.link(ben)?.carrier, 'udp');
  t.regex(
    ann.link(ben)?.reason.message ?? '',
    /Not over tcp: A connection opens but carries no data.*full-size packets are lost/,
  );
  t.deepEqual(
    ben.states.filter(({ state }) => state === 'open').map(({ carrier }) => carrier),
    ['udp'],
    'TCP never counted as open',
  );
});

test('stalls: given a link that falls silent soon after it opened, then the next one uses another carrier', async (t) => {
  t.timeout(60_000);
  const [ann, ben] = await pairOverBoth(t);
  const wire = await startWire(t, ben.port);
  introduce(ben, ann);
  introduce(ann, ben, { tcp: [{ ip: '127.0.0.1', port: wire.port }], udp: ben.addresses.udp ?? [] });
  await until(() => ann.link(ben)?.carrier === 'tcp', 'the link over TCP');
  wire.die();
  ann.say(ben, 'still there?');
  await until(() => ben.got.length === 1, 'the payload');
  t.is(ann.link(ben)?.carrier, 'udp');
  t.regex(ann.link(ben)?.reason.message ?? '', /Not over tcp: .*it stopped responding/);
});

/** With these timers, better carriers are never tried without a request. */
const withoutImprovement: Schedule = (delayMs, run) =>
  delayMs === IMPROVE_MIN_MS ? () => undefined : systemSchedule(delayMs, run);

for (const side of ['that dials', 'that waits'] as const) {
  test(`stalls: given a link over UDP, when the side ${side} asks for a retry, then TCP is tried at once`, async (t) => {
    const [ann, ben] = await pairOverBoth(t, withoutImprovement);
    const wire = await startWire(t, ben.port);
    let isStalled = false;
    wire.alter((chunk) => {
      isStalled ||= chunk.length > 1_000;
      return isStalled ? null : chunk;
    });
    introduce(ben, ann);
    introduce(ann, ben, { tcp: [{ ip: '127.0.0.1', port: wire.port }], udp: ben.addresses.udp ?? [] });
    const carriers = (): readonly (CarrierKind | null | undefined)[] => [
      ann.link(ben)?.carrier,
      ben.link(ann)?.carrier,
    ];
    await until(() => carriers().every((carrier) => carrier === 'udp'), 'the link over UDP');
    t.true((ann.link(ben)?.nextTryAt ?? 0) > 0, 'the next try is known to the side that dials');
    wire.alter((chunk) => chunk);
    const [asking, other] = side === 'that dials' ? [ann, ben] : [ben, ann];
    asking.links.retry(other.id);
    await until(() => carriers().every((carrier) => carrier === 'tcp'), 'TCP to take over');
    t.is(ann.link(ben)?.nextTryAt, null);
  });
}

test('stalls: given a link over a carrier that is not the best, then the side that waits knows the next try too', async (t) => {
  t.timeout(60_000);
  const [ann, ben] = await pairOverBoth(t);
  introduce(ben, ann);
  introduce(ann, ben, { tcp: [{ ip: '127.0.0.1', port: 1 }], udp: ben.addresses.udp ?? [] });
  await until(() => ben.link(ann)?.carrier === 'udp', 'the link over UDP');
  const at = await until(() => ben.link(ann)?.nextTryAt, 'the time of the next try');
  t.true(at > 0);
});
