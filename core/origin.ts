// The origin of a request, as admission counts it: one IPv4 address, or one /64 of IPv6, the usual size of one
// household's connection.
import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

const originSchema = z.string().max(64).brand<'Origin'>();
/** Requests with equal values have the same origin. */
export type Origin = z.infer<typeof originSchema>;

/** All clients without a known address share one origin. */
export const UNKNOWN_ORIGIN = originSchema.parse('unknown');

const IPV6_LOOPBACK = originSchema.parse('::1');
const GROUPS = 8;
const PREFIX_GROUPS = 4;

/** The origin of an address in a server's notation, with or without a zone. */
export function originOf(address: string | undefined): Origin {
  const [ip = ''] = (address ?? '').split('%');
  if (isIPv4(ip)) return originSchema.parse(ip);
  if (!isIPv6(ip)) return UNKNOWN_ORIGIN;
  const groups = groupsOf(ip);
  const [high = 0, low = 0] = groups.slice(-2);
  const isLow = (upTo: number) => groups.slice(0, upTo).every((group) => group === 0);
  // An IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2).
  if (isLow(5) && groups[5] === 0xffff) {
    return originSchema.parse([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  }
  if (isLow(GROUPS - 1) && low === 1) return IPV6_LOOPBACK;
  const prefix = groups.slice(0, PREFIX_GROUPS).map((group) => group.toString(16));
  return originSchema.parse(`${prefix.join(':')}::/64`);
}

/** Whether the origin is this machine. */
export const isLoopback = (origin: Origin): boolean =>
  origin === IPV6_LOOPBACK || (isIPv4(origin) && origin.startsWith('127.'));

function groupsOf(ip: string): readonly number[] {
  // The URL standard's serialisation leaves hexadecimal groups and at most one `::`.
  const plain = new URL(`http://[${ip}]`).hostname.slice(1, -1);
  const [left = '', right] = plain.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const gap = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16));
}
