// The addresses of the socket under a NATS client. nats.js does not export them, so they are read from its internal objects and
// parsed like any outside data. With another version of nats.js the addresses may be unknown; nothing may depend on them.
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
