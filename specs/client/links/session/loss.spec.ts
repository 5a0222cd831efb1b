import { createSocket } from 'node:dgram';
import test, { type ExecutionContext } from 'ava';
import { createLossMeter } from '../../../../client/links/session/loss.js';
import { createUdpCarrier } from '../../../../client/links/udp/udp.js';
import { type Schedule, systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { until } from '../../../support/until.js';
import { deviceIdOf, startPair } from '../device.js';
import { introduce, pairOverBoth } from '../pair.js';

const HOST = '127.0.0.1';
const MIN_PACKETS = 100;

test('loss: given a carrier without counts, or too few packets, then the loss is unknown', (t) => {
  const meter = createLossMeter();
  t.is(meter.share(), null);
  meter.tick(null);
  t.is(meter.share(), null);
  meter.tick({ sent: 19, lost: 1 });
  t.is(meter.share(), null);
  meter.tick({ sent: 24, lost: 6 });
  t.is(meter.share(), 0.25);
});

test('loss: given a minute without losses, then earlier losses no longer count', (t) => {
  const meter = createLossMeter();
  meter.tick({ sent: 0, lost: 0 });
  meter.tick({ sent: 100, lost: 50 });
  t.is(meter.share(), 0.5);
  for (let tick = 1; tick <= 120; tick += 1) meter.tick({ sent: 100 + tick, lost: 50 });
  t.is(meter.share(), 0);
});

/** Whether the path drops the datagram with this number, from 1. */
type Drop = (number: number, bytes: Buffer) => boolean;

/** A port on loopback that forwards to another port and back. It drops some of the datagrams towards that port. */
async function lossyPort(t: ExecutionContext, to: number, isDropped: Drop): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  t.teardown(() => socket.close());
  let near = 0;
  let count = 0;
  socket.on('message', (bytes, from) => {
    if (from.port === to) {
      socket.send(bytes, near, HOST);
      return;
    }
    near = from.port;
    count += 1;
    if (!isDropped(count, bytes)) socket.send(bytes, to, HOST);
  });
  return socket.address().port;
}

/** Timers run 10 times as fast, so that the search for a packet size ends soon. */
const fast: Schedule = (delayMs, run) => systemSchedule(delayMs / 10, run);

/**
 * The share of packets that is reported lost after single small writes and a burst of writes over a lossy port. `isAnswering`:
 * the far end returns all bytes, which makes the near end search for a packet size.
 */
async function lossOver(t: ExecutionContext, isDropped: Drop, isAnswering = false): Promise<number> {
  const [near, far] = [1, 2].map(() =>
    createUdpCarrier({ host: HOST, clock: systemClock, schedule: fast, log: silentLog }),
  );
  t.teardown(() => Promise.all([near?.close(), far?.close()]));
  let received = 0;
  await far?.listen((raw) =>
    raw.on('data', (bytes: Buffer) => {
      received += bytes.length;
      if (isAnswering) raw.write(bytes);
    }),
  );
  const [candidate] = far?.addresses() ?? [];
  const port = await lossyPort(t, candidate?.port ?? 0, isDropped);
  const device = deviceIdOf(generateSigningKey().publicKey);
  const [route] = near?.routes({ device, candidates: [{ ip: HOST, port }] }) ?? [];
  const raw = await route?.connect(new AbortController().signal);
  raw?.resume();
  const [count, burst] = [100, 300];
  for (let number = 1; number <= count; number += 1) {
    raw?.write(Buffer.alloc(200));
    // One write at a time, as in a chat, so that each write is a separate packet.
    await until(() => received === number * 200, 'the write');
  }
  for (let number = 0; number < burst; number += 1) raw?.write(Buffer.alloc(200));
  await until(() => received === (count + burst) * 200, 'all of it');
  const counts = await until(() => {
    raw?.write(Buffer.alloc(1));
    const latest = raw?.packets?.() ?? null;
    return latest !== null && latest.sent > MIN_PACKETS && latest;
  }, 'a report of the other end');
  t.log(`${counts.lost} of ${counts.sent} packets were lost`);
  return counts.lost / counts.sent;
}

test('loss: given UDP packets of which a tenth is lost, then about a tenth is counted', async (t) => {
  const loss = await lossOver(t, (number) => number % 10 === 0);
  t.true(loss > 0.05 && loss < 0.2, `${loss}`);
});

test('loss: given bursts of UDP packets of which none is lost, then none is counted, however many are sent again', async (t) => {
  t.is(await lossOver(t, () => false), 0);
});

test('loss: given a path that carries small UDP packets only, then the probes for a larger size do not count', async (t) => {
  let probes = 0;
  const isTooLarge: Drop = (_, { length }) => {
    if (length <= 576) return false;
    probes += 1;
    return true;
  };
  t.is(await lossOver(t, isTooLarge, true), 0);
  t.true(probes >= 3);
});

test('loss: given links with traffic over UDP and TCP, then the loss is known for UDP only', async (t) => {
  const [ann, ben] = await startPair(t);
  ben.meet(ann);
  ann.meet(ben);
  const [cid, dan] = await pairOverBoth(t);
  cid.links.choose(dan.id, 'udp');
  dan.links.choose(cid.id, 'udp');
  introduce(dan, cid);
  introduce(cid, dan);
  await until(() => ann.link(ben)?.state === 'open' && cid.link(dan)?.state === 'open', 'two links');
  for (let count = 1; cid.link(dan)?.loss === null; count += 1) {
    ann.say(ben, 'hello');
    cid.say(dan, 'hello');
    await until(() => ben.got.length === count && dan.got.length === count, 'the messages');
  }
  t.true((cid.link(dan)?.loss ?? 1) < 0.5);
  t.is(ann.link(ben)?.loss, null);
});
