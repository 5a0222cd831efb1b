// Addresses of this machine as candidates, and how addresses are written for people. Opens nothing.
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Candidate } from './carrier.js';

/**
 * Where what listens on `host` may be reached; on all interfaces when undefined. Loopback comes first: peers on one machine
 * are common, elsewhere it is refused at once or fails the handshake.
 */
export function reachableAddresses(host: string | undefined): readonly string[] {
  if (host !== undefined && host !== '::' && host !== '0.0.0.0') return [host];
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && !isLinkLocal(address.address))
    .map((address) => address.address);
  return ['127.0.0.1', ...own].filter((ip) => host !== '0.0.0.0' || net.isIPv4(ip));
}

// A link-local IPv6 address means nothing without the reader's own interface name.
function isLinkLocal(ip: string): boolean {
  return /^fe[89ab]/i.test(ip);
}

export function formatAddress({ ip, port }: Candidate): string {
  return net.isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}
