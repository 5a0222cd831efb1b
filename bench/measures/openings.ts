// The rate at which links open, and the memory of each link on a device with many links, next to plain encrypted streams.
import SecretStream from '@hyperswarm/secret-stream';
import { createTcpCarrier } from '../../client/links/tcp/tcp.js';
import { rawPublicKey } from '../../core/bus/credentials/nkey.js';
import type { DeviceId } from '../../core/ids.js';
import { generateSigningKey, type SigningKey } from '../../core/keys.js';
import { silentLog } from '../../core/log.js';
import { systemSchedule } from '../../core/time/clock.js';
import { nextLine } from '../crowd.js';
import { HOST, idOf } from '../endpoints/endpoint.js';
import { startFarCrowd } from '../far-crowd.js';
import { type Figure, perSecond, quantile, share, times } from '../figures.js';
import type { Partner } from '../partner.js';
import { openLinks, whenOpen } from '../endpoints/secure-endpoints.js';
import { sizeOf } from '../sizes.js';

const LINKS = sizeOf('BENCH_LINKS', 300);
/** Links opened before the measurement: the memory of the first links is mostly growth of the heap. */
const WARM_UP = 150;
const ROUNDS = 3;
/** The number of links that open at once. It is below the number of unidentified connections that a device accepts at once. */
const AT_ONCE = 32;

interface Opened {
  readonly perSecond: number;
  readonly bytesEach: number;
}

/** Opens a link or a stream to the device at `port`; resolves with a function that closes it. */
type Open = (key: SigningKey, peer: DeviceId, port: number) => Promise<() => unknown>;

export async function benchOpenings(): Promise<readonly Figure[]> {
  const [links, streams]: [Opened[], Opened[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    links.push(await openMany('link', openLink));
    streams.push(await openMany('stream', openStream));
  }
  const rate = (all: readonly Opened[]): number =>
    quantile(
      all.map((each) => each.perSecond),
      0.5,
    );
  const bytes = (all: readonly Opened[]): number =>
    quantile(
      all.map((each) => each.bytesEach),
      0.5,
    );
  return [
    {
      what: `links opened, ${LINKS} of one device, ${AT_ONCE} at once`,
      measured: perSecond(rate(links)),
      limit: `${perSecond(rate(streams))} plain streams`,
      ratio: share(rate(links), rate(streams)),
      bound: 'CPU: a third is the handshake, the rest streams and promises',
    },
    {
      what: `memory of one more link, after ${WARM_UP}`,
      measured: kilobytes(bytes(links)),
      limit: `${kilobytes(bytes(streams))} a plain stream`,
      ratio: times(bytes(links), bytes(streams)),
      bound: 'about 22 kB of heap for stream, delivery and machine; the rest is outside the heap',
    },
  ];
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1_000)} kB`;

async function openMany(kind: 'link' | 'stream', open: Open): Promise<Opened> {
  const keys = Array.from({ length: WARM_UP + LINKS + 1 }, generateSigningKey).toSorted((one, other) =>
    Buffer.compare(one.publicKey, other.publicKey),
  );
  // The device with the largest key: all others dial it.
  const [last] = keys.splice(-1);
  if (last === undefined) throw new Error('no key was generated');
  const far = await startFarCrowd({ kind, seed: last.seed.toString('base64') });
  const port = Number(far.firstLine);
  const closes: (() => unknown)[] = [];
  const openNext = async (count: number): Promise<void> => {
    const next = keys.splice(-count);
    for (const key of next) far.write(idOf(key));
    // The far process reads its input in order: its answer means that all devices written before are introduced.
    await residentOf(far);
    const worker = async (): Promise<void> => {
      for (let key = next.pop(); key !== undefined; key = next.pop()) {
        closes.push(await open(key, idOf(last), port));
      }
    };
    start = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };
  let start = 0;
  await openNext(WARM_UP);
  const before = await residentOf(far);
  await openNext(LINKS);
  const ms = performance.now() - start;
  const after = await residentOf(far);
  await Promise.all(closes.map((close) => close()));
  await far.end();
  return { perSecond: (1_000 * LINKS) / ms, bytesEach: (after - before) / LINKS };
}

async function residentOf(far: Partner): Promise<number> {
  const answer = nextLine(far);
  far.write('resident');
  return Number(await answer);
}

const openLink: Open = async (key, peer, port) => {
  const links = openLinks(key, createTcpCarrier({ host: HOST, schedule: systemSchedule, log: silentLog }));
  const opened = whenOpen(links);
  links.introduce({
    id: peer,
    publicKey: rawPublicKey(peer),
    candidates: { tcp: [{ ip: HOST, port }] },
  });
  await opened;
  return () => links.close();
};

const openStream: Open = async (key, peer, port) => {
  const carrier = createTcpCarrier({ host: HOST, schedule: systemSchedule, log: silentLog });
  await carrier.listen(() => undefined);
  const [route] = carrier.routes({ device: peer, candidates: [{ ip: HOST, port }] });
  const raw = await route?.connect(new AbortController().signal);
  if (raw === undefined) throw new Error('no route');
  const keyPair = SecretStream.keyPair(key.seed);
  const stream = new SecretStream(true, raw, { keyPair, pattern: 'IK', remotePublicKey: rawPublicKey(peer) });
  if (!(await stream.opened)) throw new Error('no stream');
  return () => {
    stream.on('error', () => undefined);
    stream.destroy();
    return carrier.close();
  };
};
