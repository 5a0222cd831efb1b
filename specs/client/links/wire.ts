// A TCP proxy between two devices that cuts, drops, alters and records their bytes.
import net from 'node:net';
import type { ExecutionContext } from 'ava';

export interface Wire {
  readonly port: number;
  /** The bytes of the dialling side on the newest connection. */
  readonly fromDialler: Buffer[];
  /** Applies `change` to each chunk; a chunk changed to null is dropped. */
  alter(change: Change): void;
  /** Ends all connections. */
  cut(): void;
  /** Drops everything on the present connections, like a dead network. Closes are dropped too. */
  die(): void;
  connections(): number;
}

type Change = (chunk: Buffer, isFromDialler: boolean) => Buffer | null;

const untouched: Change = (chunk) => chunk;

export async function startWire(t: ExecutionContext, targetPort: number): Promise<Wire> {
  const sockets = new Set<net.Socket>();
  const fromDialler: Buffer[] = [];
  let change: Change = untouched;
  const pairs: { isDead: boolean }[] = [];
  let connections = 0;
  const pass = (
    from: net.Socket,
    to: net.Socket,
    isFromDialler: boolean,
    pair: { isDead: boolean },
  ): void => {
    sockets.add(from);
    from.on('data', (chunk) => {
      if (isFromDialler) fromDialler.push(Buffer.from(chunk));
      const passed = change(Buffer.from(chunk), isFromDialler);
      if (passed !== null && !pair.isDead) to.write(passed);
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      sockets.delete(from);
      if (!pair.isDead) to.destroy();
    });
  };
  const server = net.createServer((near) => {
    connections += 1;
    fromDialler.length = 0;
    const far = net.connect(targetPort, '127.0.0.1');
    const pair = { isDead: false };
    pairs.push(pair);
    pass(near, far, true, pair);
    pass(far, near, false, pair);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(() => {
    server.close();
    cut();
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    fromDialler,
    alter: (next) => {
      change = next;
    },
    cut,
    die: () => {
      for (const pair of pairs) pair.isDead = true;
    },
    connections: () => connections,
  };
}
