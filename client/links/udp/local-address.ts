// The address of this machine from which packets to another address leave. A socket for all interfaces does not know it. The system
// chooses it when a socket is connected, which sends no packet.
import { createSocket } from 'node:dgram';
import net from 'node:net';
import type { Candidate } from '../carrier.js';

/** Calls `onFound` soon, in the same turn of the event loop or the next; never if there is no way to the address. */
export function findLocalAddress({ ip, port }: Candidate, onFound: (local: string) => void): void {
  const socket = createSocket(net.isIPv6(ip) ? 'udp6' : 'udp4');
  const connected = (error?: Error): void => {
    if (error === undefined) onFound(socket.address().address);
    socket.close();
  };
  // Too few file descriptors: the address stays unknown.
  socket.on('error', () => undefined);
  socket.connect(port, ip, connected);
}
