import test from 'ava';
import type { Carrier } from '../../../client/links/carrier.js';
import { createLinks } from '../../../client/links/links.js';
import { createTcpCarrier } from '../../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../../client/links/udp/udp.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { until } from '../../support/until.js';
import { deviceIdOf, keyPairInOrder, startDevice, startPair } from './device.js';
import { startWire } from './wire.js';

test('links: given two devices introduced to each other, then payloads pass both ways and each side lists the carrier', async (t) => {
  const [ann, ben] = await startPair(t);
  ben.meet(ann);
  ann.meet(ben);
  ann.say(ben, 'hello');
  ben.say(ann, 'hi');
  await until(() => ben.got.includes('hello') && ann.got.includes('hi'), 'both greetings');
  t.is(ann.link(ben)?.state, 'open');
  t.is(ben.link(ann)?.carrier, 'tcp');
  t.is(ann.link(ben)?.reason.code, 'connected');
  await until(() => ann.link(ben)?.queued === 0 && ben.link(ann)?.queued === 0, 'everything acknowledged');
  await until(() => ann.link(ben)?.rttMs !== null, 'a measured round trip');
  t.deepEqual(
    ann.states.map((each) => each.state),
    ['dialing', 'open'],
  );
});

test('links: given an introduction on one side only, when that side dials, then both sides see the reason, and the link opens once the other is introduced', async (t) => {
  const [ann, ben] = await startPair(t);
  ann.meet(ben);
  t.like(ann.link(ben), { state: 'dialing', reason: { message: 'Connecting to the other device.' } });
  await until(() => ann.link(ben)?.reason.code === 'not-introduced', 'the refusal at the dialling side');
  await until(
    () => ben.refused.some((each) => each.code === 'not-introduced'),
    'the refusal at the other side',
  );
  t.is(ann.link(ben)?.state, 'closed');
  ben.meet(ann);
  await until(() => ann.link(ben)?.state === 'open', 'the link');
});

test('links: given two devices introduced one after the other, when the first dials too early, then its refusal is not shown as a failure', async (t) => {
  const [ann, ben] = await startPair(t);
  ann.meet(ben);
  await until(() => ann.link(ben)?.attempts.length === 1, 'the refusal');
  ben.meet(ann);
  await until(() => ann.link(ben)?.state === 'open', 'the link');
  t.deepEqual(
    ann.states.map(({ state }) => state),
    ['dialing', 'open'],
  );
});

test('links: given a link, when its connection is cut repeatedly, then every payload arrives once and in order', async (t) => {
  const [ann, ben] = await startPair(t);
  const wire = await startWire(t, ben.port);
  ben.meet(ann);
  ann.meet(ben, wire.port);
  const sent = Array.from({ length: 3_000 }, (_, number) => `payload ${number}`);
  for (const [number, text] of sent.entries()) {
    ann.say(ben, text);
    ben.say(ann, text);
    if (number % 500 === 250) {
      await until(() => ann.link(ben)?.state === 'open', 'an open link');
      wire.cut();
    }
    if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => ben.got.length >= sent.length && ann.got.length >= sent.length, 'all payloads');
  t.deepEqual(ben.got, sent);
  t.deepEqual(ann.got, sent);
  t.true(wire.connections() > 3);
  t.deepEqual([...ann.restarts, ...ben.restarts], []);
});

test('links: given a link, when the peer restarts as a new process, then the restart is reported and new payloads arrive', async (t) => {
  const [ann, ben] = await startPair(t);
  ben.meet(ann);
  ann.meet(ben);
  ben.say(ann, 'before');
  await until(() => ann.got.includes('before'), 'the first payload');
  await ben.links.close();
  const again = await startDevice(t, ben.key);
  again.meet(ann);
  ann.meet(again);
  again.say(ann, 'after');
  await until(() => ann.got.includes('after'), 'a payload of the new process');
  t.deepEqual(ann.restarts, [ben.id]);
  t.deepEqual(ann.got, ['before', 'after']);
});

test('links: given a link over a network that drops everything, then both sides notice the dead peer', async (t) => {
  const [ann, ben] = await startPair(t);
  const wire = await startWire(t, ben.port);
  ben.meet(ann);
  ann.meet(ben, wire.port);
  await until(() => ann.link(ben)?.state === 'open' && ben.link(ann)?.state === 'open', 'an open link');
  wire.die();
  await until(() => ann.states.some((each) => each.reason.code === 'timeout'), 'the dialling side to notice');
  await until(() => ben.states.some((each) => each.reason.code === 'timeout'), 'the other side to notice');
  t.truthy(await until(() => ann.link(ben)?.state === 'open', 'the link again'));
});

test('links: given an absent peer, when more is sent than the queue holds, then send returns full, and writable follows later', async (t) => {
  const [ann, ben] = await startPair(t);
  const payload = Buffer.alloc(60_000, 'x');
  ann.meet(ben, 1);
  let taken = 0;
  while (ann.links.send(ben.id, payload) === 'taken') taken += 1;
  t.true(taken > 10 && taken < 100);
  let isWritable = false;
  ann.links.events.on('writable', () => {
    isWritable = true;
  });
  ben.meet(ann);
  ann.meet(ben);
  await until(() => ben.got.length === taken, 'all that was taken');
  await until(() => isWritable, 'the writable event');
  t.is(ann.links.send(ben.id, payload), 'taken');
});

test('links: given a device that is not introduced, when a payload is sent to it, then send returns unknown', async (t) => {
  const [ann, ben] = await startPair(t);
  t.is(ann.links.send(ben.id, Buffer.from('x')), 'unknown');
});

test('links: given a link, when one side forgets the other, then the other sees the link closed and is refused as not introduced', async (t) => {
  const [ann, ben] = await startPair(t);
  ben.meet(ann);
  ann.meet(ben);
  await until(() => ben.link(ann)?.state === 'open', 'an open link');
  await ben.links.forget(ann.id);
  t.is(ben.link(ann), undefined);
  await until(() => ann.states.some((each) => each.state === 'closed'), 'the end at the other side');
  t.is(ann.states.find((each) => each.state === 'closed')?.reason.code, 'left');
  await until(() => ann.link(ben)?.reason.code === 'not-introduced', 'the refusal');
});

test('links: given an unreachable device, then the reason names the address, is reported once, and attempts continue', async (t) => {
  const [ann, ben] = await startPair(t);
  await ben.links.close();
  ann.meet(ben);
  await until(() => (ann.link(ben)?.attempts.length ?? 0) >= 3, 'three attempts');
  const reason = ann.link(ben)?.reason;
  t.is(reason?.code, 'unreachable');
  t.regex(reason?.message ?? '', new RegExp(`127\\.0\\.0\\.1:${ben.port}`));
  t.is(ann.states.filter((each) => each.state === 'closed').length, 1);
});

test('links: given a carrier that cannot listen at first, when listen is called again, then it listens, and the others continue', async (t) => {
  const [one, other] = keyPairInOrder();
  const taken = createTcpCarrier({ host: '127.0.0.1', schedule: systemSchedule, log: silentLog });
  let isBlocked = true;
  const overUdp = createUdpCarrier({
    host: '127.0.0.1',
    clock: systemClock,
    schedule: systemSchedule,
    log: silentLog,
  });
  const slow: Carrier = {
    ...overUdp,
    listen: (onIncoming) =>
      isBlocked ? Promise.reject(new Error('the spec says so')) : overUdp.listen(onIncoming),
  };
  const links = createLinks({
    key: other,
    carriers: [taken, slow],
    clock: systemClock,
    schedule: systemSchedule,
    ids: systemIds,
    random: Math.random,
    log: silentLog,
  });
  t.teardown(() => links.close());
  await t.throwsAsync(links.listen(), { message: 'the spec says so' });
  isBlocked = false;
  await links.listen();
  const ann = await startDevice(t, one);
  links.introduce({ id: ann.id, publicKey: one.publicKey, candidates: {} });
  const id = deviceIdOf(other.publicKey);
  ann.links.introduce({ id, publicKey: other.publicKey, candidates: links.addresses() });
  await until(() => ann.link({ id })?.state === 'open', 'the link');
  t.is(links.addresses().udp?.length, 1);
});
