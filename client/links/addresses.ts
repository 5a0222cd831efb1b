// Addresses of this machine as candidates, and the text form of an address. It opens no socket.
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Candidate } from './carrier.js';

/**
 * Addresses at which a socket that listens on `host` may be reached; undefined means all interfaces. Loopback comes first,
 * because peers on the same machine are common. On another machine the loopback address fails at once or in the handshake.
 */
export function reachableAddresses(host: string | undefined): readonly string[] {
  if (host !== undefined && host !== '::' && host !== '0.0.0.0') return [host];
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && !isLinkLocal(address.address))
    .map((address) => address.address);
  return ['127.0.0.1', ...own].filter((ip) => host !== '0.0.0.0' || net.isIPv4(ip));
}

// Whether the address is a link-local IPv6 address. A peer cannot use it without the name of one of its own interfaces.
function isLinkLocal(ip: string): boolean {
  return /^fe[89ab]/i.test(ip);
}

export function formatAddress({ ip, port }: Candidate): string {
  return net.isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}
