// The local address that packets to a given address have as their source. A socket bound to all interfaces does not report this
// local address. So another socket is connected, which makes the system choose the local address and sends no packet.
import { createSocket } from 'node:dgram';
import net from 'node:net';
import type { Candidate } from '../carrier.js';

/** Calls `onFound` in this or the next turn of the event loop. Does not call it if the system has no route to the address. */
export function findLocalAddress({ ip, port }: Candidate, onFound: (local: string) => void): void {
  const socket = createSocket(net.isIPv6(ip) ? 'udp6' : 'udp4');
  const connected = (error?: Error): void => {
    if (error === undefined) onFound(socket.address().address);
    socket.close();
  };
  // Without free file descriptors the local address stays unknown.
  socket.on('error', () => undefined);
  socket.connect(port, ip, connected);
}
