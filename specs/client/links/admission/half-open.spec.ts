// Floods of half-open connections: thousands connect and send nothing while an honest peer opens a link. Times are logged, not asserted.
import type { Duplex } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import type { Carrier } from '../../../../client/links/carrier.js';
import { HALF_OPEN_LIMITS } from '../../../../client/links/limits.js';
import { createRelayCarrier } from '../../../../client/links/relay/relay.js';
import { createTcpCarrier } from '../../../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../../../client/links/udp/udp.js';
import { nkeyFromKey } from '../../../../core/bus/credentials/nkey.js';
import { relaySubject } from '../../../../core/bus/subjects.js';
import { createRelayHub } from '../../../../core/bus/relay-hub.js';
import { systemClock, systemSchedule } from '../../../../core/time/clock.js';
import { deviceIdSchema, systemIds } from '../../../../core/ids.js';
import type { SigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import { testBroker } from '../../../support/bus/broker.js';
import { startHelper } from '../../../support/processes/process.js';
import { until } from '../../../support/until.js';
import { type Device, keyPairInOrder, startDevice } from '../device.js';

const HONEST = '127.0.0.1';
/** An address of this machine that stands for another machine. All of 127.0.0.0/8 is loopback. */
const ELSEWHERE = '127.0.0.2';
/** Each connection comes from another address. */
const EVERYWHERE = 'everywhere';
const DEADLINE_MS = 40_000;
const MEGABYTE = 2 ** 20;

type Kind = 'tcp' | 'udp';
const carriers: Record<Kind, () => Carrier> = {
  tcp: () => createTcpCarrier({ host: HONEST, schedule: systemSchedule, log: silentLog }),
  udp: () => createUdpCarrier({ host: HONEST, clock: systemClock, schedule: systemSchedule, log: silentLog }),
};

/** The carrier, with the largest number of incoming connections that were open at once. */
function watched(carrier: Carrier) {
  const seen = { most: 0 };
  const present = new Set<Duplex>();
  const listen: Carrier['listen'] = (take) =>
    carrier.listen((raw, from, origin) => {
      take(raw, from, origin);
      present.add(raw);
      raw.once('close', () => present.delete(raw));
      const open = [...present].filter(({ destroyed }) => !destroyed);
      seen.most = Math.max(seen.most, open.length);
    });
  return { seen, carrier: { ...carrier, listen } };
}

/** Two devices over these carriers. The second one waits to be dialled, and its first carrier is watched. */
async function startPairOver(t: ExecutionContext, kind: Kind, others: readonly Kind[]) {
  const [small, large] = keyPairInOrder();
  const ann = await startDevice(
    t,
    small,
    [kind, ...others].map((each) => carriers[each]()),
  );
  const { seen, carrier } = watched(carriers[kind]());
  const ben = await startDevice(t, large, [carrier, ...others.map((each) => carriers[each]())]);
  return { ann, ben, seen, port: ben.addresses[kind]?.[0]?.port ?? 0 };
}

const introduce = (to: Device, peer: Device): void =>
  to.links.introduce({ id: peer.id, publicKey: peer.key.publicKey, candidates: peer.addresses });

async function linkDuringFlood(t: ExecutionContext, ann: Device, ben: Device): Promise<void> {
  const begunMs = performance.now();
  introduce(ben, ann);
  introduce(ann, ben);
  ann.say(ben, 'through the flood');
  await until(() => ben.got.includes('through the flood'), 'the honest peer', DEADLINE_MS);
  t.log(
    `linked over ${ben.link(ann)?.carrier} in ${Math.round(performance.now() - begunMs)} ms, after ${ben.refused.length} refusals`,
  );
}

function floodSpec(kind: Kind, count: number, from: string, others: readonly Kind[] = []): void {
  const origin = from === HONEST ? "the honest peer's own address" : from === ELSEWHERE ? 'elsewhere' : from;
  const slots = from === EVERYWHERE ? HALF_OPEN_LIMITS.total : HALF_OPEN_LIMITS.perOrigin;
  // The number of refusals to wait for. Over UDP most connections are refused before they reach the acceptor, and are not
  // counted.
  const refusals = kind === 'tcp' ? count - slots : 2 * slots;
  test.serial(
    `half-open: given ${count} connections over ${kind} from ${origin}, then few are open at a time, and an honest peer opens a link`,
    async (t) => {
      const { ann, ben, seen, port } = await startPairOver(t, kind, others);
      const beforeBytes = process.memoryUsage().rss;
      const flood = await startHelper(t, 'hold-half-open', [kind, String(port), String(count), from]);
      t.log(flood.said);
      await linkDuringFlood(t, ann, ben);
      await until(() => ben.refused.length >= refusals, 'the flood to be refused', DEADLINE_MS);
      const grownBytes = process.memoryUsage().rss - beforeBytes;
      t.log(`at most ${seen.most} were open; ${Math.round(grownBytes / MEGABYTE)} MiB more memory`);
      t.is(ben.link(ann)?.state, 'open');
      // Two more than the slots: the honest connection, and one that is being closed.
      t.true(seen.most <= slots + 2, `${seen.most} were open`);
      t.true(grownBytes < 128 * MEGABYTE);
    },
  );
}

// With a second carrier, as in a terminal: the link may use the carrier that is not flooded.
floodSpec('tcp', 10_000, ELSEWHERE, ['udp']);
floodSpec('tcp', 2_000, HONEST);
floodSpec('tcp', 2_000, EVERYWHERE);
floodSpec('udp', 2_000, ELSEWHERE);

test.serial(
  'half-open: given 2,000 streams that strangers open through the broker, then few are open at a time, and an honest peer opens a link',
  async (t) => {
    const broker = await testBroker(t);
    const start = async (key: SigningKey) => {
      const { bus, device } = await broker.device({}, { key: nkeyFromKey('user', key) });
      const relayHub = createRelayHub();
      relayHub.attach(bus, device);
      const { seen, carrier } = watched(
        createRelayCarrier({ messenger: relayHub.line(device), ids: systemIds, clock: systemClock }),
      );
      const started = await startDevice(t, key, [carrier]);
      return { seen, device: { ...started, id: deviceIdSchema.parse(device) } };
    };
    const [small, large] = keyPairInOrder();
    const [{ device: ann }, { device: ben, seen }] = [await start(small), await start(large)];
    const strangers = await Promise.all(Array.from({ length: 8 }, () => broker.device()));
    const opening = Buffer.from('0000000004000001', 'hex');
    const COUNT = 2_000;
    const openSome = (many: number): void => {
      for (let number = 0; number < many; number += 1)
        for (const { bus, device } of strangers)
          bus.publish(relaySubject(ben.id, device, systemIds.next()), opening);
    };
    openSome(COUNT / 10 / strangers.length);
    await until(() => ben.refused.length > 0, 'the flood');
    openSome((COUNT * 0.9) / strangers.length);
    await linkDuringFlood(t, ann, ben);
    t.log(`at most ${seen.most} were open`);
    t.true(seen.most <= HALF_OPEN_LIMITS.perOrigin + 2, `${seen.most} were open`);
  },
);

test.serial(
  'half-open: given a flood over one carrier, then half-open connections over another carrier stay',
  async (t) => {
    const [small, large] = keyPairInOrder();
    const ben = await startDevice(t, large, [carriers.tcp(), carriers.udp()]);
    const ann = await startDevice(t, small, [carriers.udp()]);
    const [candidate] = ben.addresses.udp ?? [];
    const third = carriers.udp();
    t.teardown(() => third.close());
    const [route] = third.routes({ device: ben.id, candidates: candidate === undefined ? [] : [candidate] });
    const quiet = await route?.connect(new AbortController().signal);
    // The far end resets this connection when the spec ends.
    quiet?.on('error', () => undefined);
    await startHelper(t, 'hold-half-open', ['tcp', String(ben.port), '500', HONEST]);
    await until(() => ben.refused.length >= 100, 'the flood to be refused');
    t.false(quiet?.destroyed);
    await linkDuringFlood(t, ann, ben);
  },
);
