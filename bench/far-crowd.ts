// One device in a separate process. Many other devices open links or plain encrypted streams to it. The growth of its memory is
// the cost of these connections.
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import SecretStream from '@hyperswarm/secret-stream';
import { z } from 'zod';
import { createTcpCarrier } from '../client/links/tcp/tcp.js';
import { rawPublicKey } from '../core/bus/credentials/nkey.js';
import { deviceIdSchema } from '../core/ids.js';
import { signingKeyFromSeed } from '../core/keys.js';
import { silentLog } from '../core/log.js';
import { systemSchedule } from '../core/time/clock.js';
import { HOST } from './endpoints/endpoint.js';
import { type Partner, startProgram } from './partner.js';
import { openLinks } from './endpoints/secure-endpoints.js';

const optionsSchema = z.object({ kind: z.enum(['link', 'stream']), seed: z.base64() });

/**
 * The first output line of the process is its port. Each input line is the id of a device to introduce, or `resident`; the
 * process answers `resident` with its memory in bytes.
 */
export const startFarCrowd = (options: z.infer<typeof optionsSchema>): Promise<Partner> =>
  startProgram(fileURLToPath(import.meta.url), JSON.stringify(options));

async function serve({ kind, seed }: z.infer<typeof optionsSchema>): Promise<void> {
  const key = signingKeyFromSeed(Buffer.from(seed, 'base64'));
  const carrier = createTcpCarrier({ host: HOST, schedule: systemSchedule, log: silentLog });
  const links = kind === 'link' ? openLinks(key, carrier) : null;
  const streams: SecretStream[] = [];
  const keyPair = SecretStream.keyPair(key.seed);
  await (links === null
    ? carrier.listen((raw) => streams.push(new SecretStream(false, raw, { keyPair, pattern: 'IK' })))
    : links.listen());
  process.stdout.write(`${carrier.addresses()[0]?.port ?? 0}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== 'resident') {
      const id = deviceIdSchema.parse(line);
      links?.introduce({ id, publicKey: rawPublicKey(id), candidates: {} });
    } else process.stdout.write(`${await resident()}\n`);
  }
}

/** The resident memory in bytes, after garbage collection. */
async function resident(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return process.memoryUsage().rss;
}

const [, program, options = ''] = process.argv;
if (program === fileURLToPath(import.meta.url)) {
  process.once('SIGTERM', () => process.exit());
  await serve(optionsSchema.parse(JSON.parse(options)));
  process.exit();
}
