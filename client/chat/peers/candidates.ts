// Between the addresses of links, by carrier, and those that devices announce. It reaches nobody.
import type { Candidate } from '../../../core/protocol/candidate.js';
import type { Address } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import type { Addresses } from '../../links/links.js';

/**
 * What to announce; as much of each carrier as there is room for both. `outside`: what the reflector told, which for a
 * device without a NAT is no news.
 */
export function announced({ tcp = [], udp = [] }: Addresses, outside: Addresses = {}): readonly Candidate[] {
  const room = limits.addressesPerDevice / 2;
  const isOwn = ({ ip, port }: Address): boolean => udp.some((own) => own.ip === ip && own.port === port);
  const reflexive = (outside.udp ?? []).filter((candidate) => !isOwn(candidate));
  const overUdp = [
    ...reflexive.map((candidate) => ({ ...candidate, carrier: 'udp', via: 'reflexive' })),
    ...udp.map((candidate) => ({ ...candidate, carrier: 'udp' })),
  ];
  return [...tcp.slice(0, room), ...overUdp.slice(0, room)];
}

/**
 * The announced addresses of a device, by carrier; none over UDP before this device is announced itself: it is not expected yet,
 * and a NAT at which it knocks all the same may stay shut to it.
 */
export function byCarrier(candidates: readonly Candidate[], isAnnounced: boolean): Addresses {
  const of = (kind: string) =>
    candidates.filter(({ carrier = 'tcp' }) => carrier === kind).map(({ ip, port }) => ({ ip, port }));
  return { tcp: of('tcp'), udp: isAnnounced ? of('udp') : [] };
}
