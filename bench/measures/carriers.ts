// Throughput and round trips of a link, by carrier, next to a plain encrypted stream and bare sockets. All connections stay open
// and are measured alternately, so that other load on the machine affects all of them.
import { nextLine } from '../crowd.js';
import { type Endpoint, idOf, keysInOrder, PAYLOAD_BYTES } from '../endpoints/endpoint.js';
import { ENDPOINT_KINDS, type EndpointKind, openEndpoint } from '../endpoints/endpoints.js';
import { PING, reportSchema, startFarEndpoint } from '../far-endpoint.js';
import { type Figure, microseconds, perSecond, quantile, share, times } from '../figures.js';
import type { Partner } from '../partner.js';
import { sizeOf } from '../sizes.js';
import { startTrackerProcess, type TrackerProcess } from '../tracker-process.js';

const ROUNDS = sizeOf('BENCH_ROUNDS', 3);
const FLOOD_MS = 1_000;
const PINGS = 1_000;
/** The payloads that are sent in one iteration of the event loop; each write holds `WRITE_PAYLOADS` of them. */
const TURN_PAYLOADS = 512;
const WRITE_PAYLOADS = 256;

interface Measured {
  readonly kind: EndpointKind;
  readonly near: Endpoint;
  readonly far: Partner;
  onPong: () => void;
  readonly rates: number[];
  readonly pongs: number[];
}

export async function benchCarriers(): Promise<readonly Figure[]> {
  const trackerProcess = await startTrackerProcess();
  const all: Measured[] = [];
  for (const kind of ENDPOINT_KINDS) all.push(await openMeasured(kind, trackerProcess));
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of all) {
      one.pongs.push(...(await pingPong(one)));
      one.rates.push(await flood(one));
    }
  }
  for (const { far } of all) await far.end();
  await trackerProcess.close();
  return figuresOf(all);
}

async function openMeasured(kind: EndpointKind, { home, invite }: TrackerProcess): Promise<Measured> {
  const [key, farKey] = keysInOrder();
  const broker = { home, servers: `nats://${invite.host}:${invite.port}` };
  const far = await startFarEndpoint({
    kind,
    seed: farKey.seed.toString('base64'),
    peer: idOf(key),
    ...broker,
  });
  let one: Measured | null = null;
  const near = await openEndpoint(kind, {
    key,
    peer: idOf(farKey),
    port: Number(far.firstLine),
    broker,
    onPayloads: () => one?.onPong(),
  });
  one = { kind, near, far, onPong: () => undefined, rates: [], pongs: [] };
  return one;
}

/** Payloads received per second. */
async function flood({ near, far }: Measured): Promise<number> {
  const write = Array.from({ length: WRITE_PAYLOADS }, () => Buffer.alloc(PAYLOAD_BYTES));
  const end = performance.now() + FLOOD_MS;
  while (performance.now() < end) {
    let hasRoom = true;
    for (let done = 0; hasRoom && done < TURN_PAYLOADS; done += WRITE_PAYLOADS) hasRoom = near.send(write);
    if (hasRoom) await new Promise((resolve) => setImmediate(resolve));
    else await near.room();
  }
  const report = nextLine(far);
  far.write('report');
  const { payloads, ms } = reportSchema.parse(JSON.parse(await report));
  return (1_000 * payloads) / ms;
}

async function pingPong(one: Measured): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let sent = 0; sent < PINGS; sent++) {
    const start = performance.now();
    const back = new Promise<void>((resolve) => {
      one.onPong = resolve;
    });
    one.near.send([Buffer.alloc(PAYLOAD_BYTES, PING)]);
    await back;
    samples.push(performance.now() - start);
  }
  return samples;
}

function figuresOf(all: readonly Measured[]): readonly Figure[] {
  const rateOf = (kind: EndpointKind): number =>
    quantile(all.find((one) => one.kind === kind)?.rates ?? [], 0.5);
  const pongOf = (kind: EndpointKind, q: number): number =>
    quantile(all.find((one) => one.kind === kind)?.pongs ?? [], q);
  const spread = (kind: EndpointKind): string =>
    `${microseconds(pongOf(kind, 0.5))} / ${microseconds(pongOf(kind, 0.99))}`;
  const carriers = [
    ['tcp', 'bare tcp', 'CPU: encryption, copies and numbering at both ends'],
    ['udp', 'bare udp', "CPU: UDX's packets, one by one"],
    ['relay', null, 'the broker: each byte passes through it twice'],
  ] as const;
  return carriers.flatMap(([carrier, bare, limit]) => {
    const link = `link ${carrier}` as const;
    const stream = `stream ${carrier}` as const;
    const bareRate = bare === null ? '' : `; ${perSecond(rateOf(bare))} ${bare}`;
    const bareSpread = bare === null ? '' : `; ${spread(bare)} ${bare}`;
    return [
      {
        what: `payloads of ${PAYLOAD_BYTES} bytes over a link, ${carrier}`,
        measured: perSecond(rateOf(link)),
        limit: `${perSecond(rateOf(stream))} plain stream${bareRate}`,
        ratio: `${share(rateOf(link), rateOf(stream))} of the stream`,
        bound: limit,
      },
      {
        what: `round trip over a link, ${carrier}, p50 / p99`,
        measured: spread(link),
        limit: `${spread(stream)} plain stream${bareSpread}`,
        ratio: `${times(pongOf(link, 0.5), pongOf(stream, 0.5))} the stream`,
      },
    ];
  });
}
