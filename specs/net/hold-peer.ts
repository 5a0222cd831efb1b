// A device in a separate process, in the network in which it was started. It reads orders from its input and reports on its output, both
// as JSON lines. Usage: hold-peer SEED CARRIERS
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers/promises';
import { z } from 'zod';
import { createLinks } from '../../client/links/links.js';
import { createTcpCarrier } from '../../client/links/tcp/tcp.js';
import { createUdpCarrier } from '../../client/links/udp/udp.js';
import { systemClock, systemSchedule } from '../../core/time/clock.js';
import { deviceIdSchema, systemIds } from '../../core/ids.js';
import { signingKeyFromSeed } from '../../core/keys.js';
import { silentLog } from '../../core/log.js';

const candidatesSchema = z.array(z.object({ ip: z.string(), port: z.int() }));
const orderSchema = z.union([
  z.object({
    meet: deviceIdSchema,
    publicKey: z.string().transform((hex) => Buffer.from(hex, 'hex')),
    candidates: z.record(z.enum(['tcp', 'udp']), candidatesSchema),
  }),
  z.object({ say: deviceIdSchema, count: z.int(), everyMs: z.number(), characters: z.int() }),
  z.object({ report: z.literal(true) }),
]);

const [seed = '', kinds = ''] = process.argv.slice(2);
const all = {
  tcp: () => createTcpCarrier({ schedule: systemSchedule, log: silentLog }),
  udp: () => createUdpCarrier({ clock: systemClock, schedule: systemSchedule, log: silentLog }),
};
const links = createLinks({
  key: signingKeyFromSeed(Buffer.from(seed, 'hex')),
  carriers: z
    .array(z.enum(['tcp', 'udp']))
    .parse(kinds.split(','))
    .map((kind) => all[kind]()),
  clock: systemClock,
  schedule: systemSchedule,
  ids: systemIds,
  random: Math.random,
  log: silentLog,
});

const report = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

let got = 0;
let mistakes = 0;
let said = 1;
const latenciesMs: number[] = [];
links.events.on('messages', ({ payloads }) => {
  for (const payload of payloads) {
    const [number, at] = payload.toString().split(' ').map(Number);
    got += 1;
    if (number !== got) mistakes += 1;
    latenciesMs.push(Date.now() - (at ?? 0));
  }
});
links.events.on('state', ({ state, carrier, reason }) => {
  report({ state, carrier, reason: reason.message, at: Date.now() });
});
await links.listen();
report({ addresses: links.addresses() });

for await (const line of createInterface(process.stdin)) {
  const order = orderSchema.parse(JSON.parse(line));
  if ('meet' in order) {
    links.introduce({ id: order.meet, publicKey: order.publicKey, candidates: order.candidates });
  } else if ('say' in order) {
    void send(order.say, order);
  } else {
    const sorted = latenciesMs.toSorted((one, other) => one - other);
    const at = (share: number): number | null => sorted[Math.floor((sorted.length - 1) * share)] ?? null;
    const figures = { got, mistakes, p50Ms: at(0.5), p99Ms: at(0.99) };
    const [link] = links.list();
    report({ report: figures, queued: link?.queued ?? 0, carrier: link?.carrier ?? null });
  }
}
await links.close();

interface Talk {
  readonly count: number;
  readonly everyMs: number;
  /** The length of each payload. */
  readonly characters: number;
}

async function send(to: z.infer<typeof deviceIdSchema>, { count, everyMs, characters }: Talk): Promise<void> {
  let left = count;
  for await (const _ of setInterval(everyMs)) {
    if (left === 0) return;
    left -= 1;
    links.send(to, Buffer.from(`${said} ${Date.now()} `.padEnd(characters, '.')));
    said += 1;
  }
}
