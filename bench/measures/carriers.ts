// What travels over a link, by carrier, beside the same over a plain encrypted stream and over bare sockets: payloads a second, and
// there and back. All ends stay open and take turns, so that what else the machine does is shared by all.
import { nextLine } from '../crowd.js';
import { type End, idOf, keysInOrder, PAYLOAD_BYTES } from '../endpoints/endpoint.js';
import { END_KINDS, type EndKind, openEnd } from '../endpoints/endpoints.js';
import { PING, reportSchema, startFarEnd } from '../far-end.js';
import { type Figure, microseconds, perSecond, quantile, share, times } from '../figures.js';
import type { Partner } from '../partner.js';
import { sizeOf } from '../sizes.js';
import { openStage, type Stage } from '../tracker-process.js';

const ROUNDS = sizeOf('BENCH_ROUNDS', 3);
const FLOOD_MS = 1_000;
const PINGS = 1_000;
/** In one turn of the program, and of these in one write. */
const TURN_PAYLOADS = 512;
const WRITE_PAYLOADS = 256;

interface Line {
  readonly kind: EndKind;
  readonly near: End;
  readonly far: Partner;
  onPong: () => void;
  readonly rates: number[];
  readonly pongs: number[];
}

export async function benchCarriers(): Promise<readonly Figure[]> {
  const stage = await openStage();
  const lines: Line[] = [];
  for (const kind of END_KINDS) lines.push(await openLine(kind, stage));
  for (let round = 0; round < ROUNDS; round++) {
    for (const line of lines) {
      line.pongs.push(...(await pingPong(line)));
      line.rates.push(await flood(line));
    }
  }
  for (const { far } of lines) await far.end();
  await stage.close();
  return figuresOf(lines);
}

async function openLine(kind: EndKind, { home, invite }: Stage): Promise<Line> {
  const [key, farKey] = keysInOrder();
  const broker = { home, servers: `nats://${invite.host}:${invite.port}` };
  const far = await startFarEnd({ kind, seed: farKey.seed.toString('base64'), peer: idOf(key), ...broker });
  let line: Line | null = null;
  const near = await openEnd(kind, {
    key,
    peer: idOf(farKey),
    port: Number(far.said),
    broker,
    onPayloads: () => line?.onPong(),
  });
  line = { kind, near, far, onPong: () => undefined, rates: [], pongs: [] };
  return line;
}

/** Payloads a second, as they come. */
async function flood({ near, far }: Line): Promise<number> {
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

async function pingPong(line: Line): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let turn = 0; turn < PINGS; turn++) {
    const start = performance.now();
    const back = new Promise<void>((resolve) => {
      line.onPong = resolve;
    });
    line.near.send([Buffer.alloc(PAYLOAD_BYTES, PING)]);
    await back;
    samples.push(performance.now() - start);
  }
  return samples;
}

function figuresOf(lines: readonly Line[]): readonly Figure[] {
  const rateOf = (kind: EndKind): number =>
    quantile(lines.find((line) => line.kind === kind)?.rates ?? [], 0.5);
  const pongOf = (kind: EndKind, q: number): number =>
    quantile(lines.find((line) => line.kind === kind)?.pongs ?? [], q);
  const spread = (kind: EndKind): string =>
    `${microseconds(pongOf(kind, 0.5))} / ${microseconds(pongOf(kind, 0.99))}`;
  const carriers = [
    ['tcp', 'bare tcp', 'the processor: what is encrypted, copied and numbered at either end'],
    ['udp', 'bare udp', "the processor: UDX's packets, one by one"],
    ['relay', null, 'the broker: each byte passes its process twice'],
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
        what: `there and back over a link, ${carrier}, p50 / p99`,
        measured: spread(link),
        limit: `${spread(stream)} plain stream${bareSpread}`,
        ratio: `${times(pongOf(link, 0.5), pongOf(stream, 0.5))} the stream`,
      },
    ];
  });
}
