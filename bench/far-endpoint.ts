// The far endpoint of a measurement, in a separate process: counts payloads and returns those that are marked as a ping.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { deviceIdSchema } from '../core/ids.js';
import { signingKeyFromSeed } from '../core/keys.js';
import { PAYLOAD_BYTES } from './endpoints/endpoint.js';
import { ENDPOINT_KINDS, openEndpoint } from './endpoints/endpoints.js';
import { type Partner, startProgram } from './partner.js';

/** The first byte of a payload to return. */
export const PING = 1;

const optionsSchema = z.object({
  kind: z.enum(ENDPOINT_KINDS),
  seed: z.base64(),
  peer: deviceIdSchema,
  home: z.string(),
  servers: z.string(),
});
export type FarEndpointOptions = z.infer<typeof optionsSchema>;

/**
 * The first output line of the process is its port. It answers each input line `report` with the number of payloads received
 * since the last report.
 */
export const startFarEndpoint = (options: FarEndpointOptions): Promise<Partner> =>
  startProgram(fileURLToPath(import.meta.url), JSON.stringify(options));

export const reportSchema = z.object({ payloads: z.number(), ms: z.number() });

const QUIET_MS = 100;

async function serve(options: FarEndpointOptions): Promise<void> {
  let payloads = 0;
  let firstAt = 0;
  let lastAt = 0;
  const endpoint = await openEndpoint(options.kind, {
    key: signingKeyFromSeed(Buffer.from(options.seed, 'base64')),
    peer: options.peer,
    port: null,
    broker: options,
    onPayloads(count, first) {
      if (first[0] === PING) endpoint.send([first.subarray(0, PAYLOAD_BYTES)]);
      else {
        lastAt = performance.now();
        if (payloads === 0) firstAt = lastAt;
        payloads += count;
      }
    },
  });
  process.stdout.write(`${endpoint.port}\n`);
  for await (const _ of createInterface({ input: process.stdin })) {
    // Waits until no payload has arrived for a while, so that payloads in flight count too.
    do await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    while (performance.now() - lastAt < QUIET_MS);
    process.stdout.write(`${JSON.stringify({ payloads, ms: lastAt - firstAt })}\n`);
    payloads = 0;
  }
}

const [, program, options = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  process.once('SIGTERM', () => process.exit());
  await serve(optionsSchema.parse(JSON.parse(options)));
  process.exit();
}
