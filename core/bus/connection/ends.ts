// The addresses of the socket under a NATS client. nats.js does not publish them, so they are read from its inner objects and
// parsed like anything from outside: with another version of the library they may be unknown, and nothing depends on them.
import { z } from 'zod';
import type { ConnectionEnds } from '../bus.js';

const clientSchema = z.object({
  protocol: z.object({
    transport: z.object({
      socket: z.object({
        localAddress: z.string(),
        localPort: z.int(),
        remoteAddress: z.string(),
        remotePort: z.int(),
      }),
    }),
  }),
});

/** Null if the client is not connected. */
export function endsOf(client: unknown): ConnectionEnds | null {
  const parsed = clientSchema.safeParse(client);
  if (!parsed.success) return null;
  const { localAddress, localPort, remoteAddress, remotePort } = parsed.data.protocol.transport.socket;
  return { local: { ip: localAddress, port: localPort }, remote: { ip: remoteAddress, port: remotePort } };
}
