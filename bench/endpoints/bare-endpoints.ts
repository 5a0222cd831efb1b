// Bare endpoints: Node sockets without keys, numbers or acknowledgements, to measure the limit of the machine.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type Endpoint, type EndpointOptions, HOST, PAYLOAD_BYTES } from './endpoint.js';

export async function openSocket({ port, onPayloads }: EndpointOptions): Promise<Endpoint> {
  let socket: Socket | null = null;
  let rest = 0;
  const attach = (opened: Socket): void => {
    socket = opened;
    opened.setNoDelay(true);
    opened.on('data', (bytes: Buffer) => {
      const count = Math.floor((rest + bytes.length) / PAYLOAD_BYTES);
      rest = (rest + bytes.length) % PAYLOAD_BYTES;
      if (count > 0) onPayloads(count, bytes);
    });
  };
  const endpoint = {
    port: 0,
    send: (payloads: readonly Buffer[]) => socket?.write(Buffer.concat(payloads)) ?? false,
    room: () => (socket === null ? Promise.resolve() : once(socket, 'drain')),
  };
  if (port !== null) {
    const opened = connect(port, HOST);
    await once(opened, 'connect');
    attach(opened);
    return endpoint;
  }
  const server = createServer(attach).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  return { ...endpoint, port: address !== null && typeof address === 'object' ? address.port : 0 };
}

const BUFFER_BYTES = 2_097_152;
/** The number of whole payloads that fit into one Ethernet datagram. */
const DATAGRAM_PAYLOADS = 7;
/** The greatest number of datagrams handed to the operating system and not yet sent. */
const PENDING_MAX = 64;

/** Lost datagrams are not sent again and not counted. */
export async function openDatagrams({ port, onPayloads }: EndpointOptions): Promise<Endpoint> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: BUFFER_BYTES,
    sendBufferSize: BUFFER_BYTES,
  });
  let to = port;
  let pending = 0;
  socket.on('message', (bytes, from) => {
    to ??= from.port;
    onPayloads(bytes.length / PAYLOAD_BYTES, bytes);
  });
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    send(payloads) {
      for (let at = 0; at < payloads.length; at += DATAGRAM_PAYLOADS) {
        pending += 1;
        socket.send(payloads.slice(at, at + DATAGRAM_PAYLOADS), to ?? 0, HOST, () => {
          pending -= 1;
        });
      }
      return pending < PENDING_MAX;
    },
    room: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
