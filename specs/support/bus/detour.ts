// A relay to a server that connects from another address of this machine, as if from another machine.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

/** A URL that reaches `url` from `localAddress`, e.g. 127.0.0.2. The relay ends with the spec. */
export async function detourTo(t: ExecutionContext, url: string, localAddress: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host, port: Number(port), localAddress });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      // When one side closes, the other side is closed too. Errors need no report.
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the detour has no port');
  return `nats://127.0.0.1:${address.port}`;
}
