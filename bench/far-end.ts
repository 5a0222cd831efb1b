// The other end of a measurement, in a process of its own: counts what comes, and sends back what is marked as a ping.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { deviceIdSchema } from '../core/ids.js';
import { signingKeyFromSeed } from '../core/keys.js';
import { PAYLOAD_BYTES } from './endpoints/endpoint.js';
import { END_KINDS, openEnd } from './endpoints/endpoints.js';
import { type Partner, startProgram } from './partner.js';

/** The first byte of a payload that is to come back. */
export const PING = 1;

const optionsSchema = z.object({
  kind: z.enum(END_KINDS),
  seed: z.base64(),
  peer: deviceIdSchema,
  home: z.string(),
  servers: z.string(),
});
export type FarEndOptions = z.infer<typeof optionsSchema>;

/** Its first line is its port. It answers each line `report` with what came since the last one. */
export const startFarEnd = (options: FarEndOptions): Promise<Partner> =>
  startProgram(fileURLToPath(import.meta.url), JSON.stringify(options));

export const reportSchema = z.object({ payloads: z.number(), ms: z.number() });

const QUIET_MS = 100;

async function wait(options: FarEndOptions): Promise<void> {
  let payloads = 0;
  let firstAt = 0;
  let lastAt = 0;
  const end = await openEnd(options.kind, {
    key: signingKeyFromSeed(Buffer.from(options.seed, 'base64')),
    peer: options.peer,
    port: null,
    broker: options,
    onPayloads(count, first) {
      if (first[0] === PING) end.send([first.subarray(0, PAYLOAD_BYTES)]);
      else {
        lastAt = performance.now();
        if (payloads === 0) firstAt = lastAt;
        payloads += count;
      }
    },
  });
  process.stdout.write(`${end.port}\n`);
  for await (const _ of createInterface({ input: process.stdin })) {
    // What is still under way counts.
    do await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    while (performance.now() - lastAt < QUIET_MS);
    process.stdout.write(`${JSON.stringify({ payloads, ms: lastAt - firstAt })}\n`);
    payloads = 0;
  }
}

const [, program, options = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  process.once('SIGTERM', () => process.exit());
  await wait(optionsSchema.parse(JSON.parse(options)));
  process.exit();
}
