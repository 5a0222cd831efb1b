// A TCP relay between a terminal and the broker that can be cut and mended, like a network.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Wire {
  /** The port to which the terminal connects. */
  readonly port: number;
  /** Breaks open connections and refuses new ones. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens a relay to `port` on this machine. */
export async function openWire(port: number): Promise<Wire> {
  const ends = new Set<Socket>();
  let isCut = false;
  const keep = (end: Socket): void => {
    ends.add(end);
    end.on('close', () => ends.delete(end));
  };
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(one);
      one.pipe(other);
      // If the connection to one end breaks, the connection to the other end is broken too. Errors need no report: breaking is
      // the purpose of this relay.
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const breakAll = (): void => {
    for (const end of ends) end.destroy();
  };
  return {
    port: address.port,
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
    async close() {
      server.close();
      breakAll();
      await once(server, 'close');
    },
  };
}
