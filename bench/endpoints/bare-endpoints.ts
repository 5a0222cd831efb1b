// What the machine itself does: sockets of Node, without keys, numbers or acknowledgements.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type End, type EndOptions, HOST, PAYLOAD_BYTES } from './endpoint.js';

export async function openSocket({ port, onPayloads }: EndOptions): Promise<End> {
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
  const end = {
    port: 0,
    send: (payloads: readonly Buffer[]) => socket?.write(Buffer.concat(payloads)) ?? false,
    room: () => (socket === null ? Promise.resolve() : once(socket, 'drain')),
  };
  if (port !== null) {
    const opened = connect(port, HOST);
    await once(opened, 'connect');
    attach(opened);
    return end;
  }
  const server = createServer(attach).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  return { ...end, port: address !== null && typeof address === 'object' ? address.port : 0 };
}

const BUFFER_BYTES = 2_097_152;
/** Whole payloads that fit a datagram of an Ethernet. */
const DATAGRAM_PAYLOADS = 7;
/** Handed to the system and not yet sent. */
const FLYING = 64;

/** Nothing is sent again: what is lost is not counted. */
export async function openDatagrams({ port, onPayloads }: EndOptions): Promise<End> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: BUFFER_BYTES,
    sendBufferSize: BUFFER_BYTES,
  });
  let to = port;
  let flying = 0;
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
        flying += 1;
        socket.send(payloads.slice(at, at + DATAGRAM_PAYLOADS), to ?? 0, HOST, () => {
          flying -= 1;
        });
      }
      return flying < FLYING;
    },
    room: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
