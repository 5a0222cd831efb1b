// The transport of nats.js with one difference: an attempt to connect that was given up ends at once. It reads no message.
import { createConnection, type Socket } from 'node:net';
import { NatsConnectionImpl, setTransportFactory } from 'nats/lib/src/nats-base-client.js';
import { NodeTransport, nodeResolveHost } from 'nats/lib/src/node_transport.js';
import type { ConnectionOptions, NatsConnection } from 'nats';

/**
 * Works around a defect of nats.js 2.29: the socket of an attempt that has timed out keeps connecting. When the network is back,
 * this socket connects and never logs in, so the broker closes it. nats.js then treats its close as the loss of the current
 * connection.
 */
class BrokerTransport extends NodeTransport {
  #dialled: Socket | null = null;

  override dial({ hostname, port }: { hostname: string; port: number }): Promise<Socket> {
    return new Promise((resolve, reject) => {
      let cause: Error | null = null;
      const socket = createConnection({ host: hostname, port, noDelay: true });
      this.#dialled = socket;
      socket.once('connect', () => {
        socket.removeAllListeners();
        resolve(socket);
      });
      socket.on('error', (error) => {
        cause = error;
      });
      socket.on('close', () => {
        socket.removeAllListeners();
        reject(cause ?? new Error('the attempt to connect was given up'));
      });
    });
  }

  override async close(error?: Error): Promise<void> {
    // nats.js closes the socket only of a transport that counts as connected.
    if (!this.connected) this.#dialled?.destroy();
    await super.close(error);
  }
}

/** Connects as `connect` of nats.js does. */
export function connectTransport(options: ConnectionOptions): Promise<NatsConnection> {
  setTransportFactory({ factory: () => new BrokerTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect(options);
}
