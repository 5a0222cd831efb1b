// Between the addresses of links, by carrier, and those that devices announce. It reaches nobody.
import type { Candidate } from '../../core/protocol/candidate.js';
import { limits } from '../../core/protocol/limits.js';
import type { Addresses } from '../links/links.js';

/** What to announce, the likeliest of each carrier first; as much of each as there is room for both. */
export function announced({ tcp = [], udp = [] }: Addresses): readonly Candidate[] {
  const room = limits.addressesPerDevice / 2;
  return [
    ...tcp.slice(0, room),
    ...udp.slice(0, room).map((candidate) => ({ ...candidate, carrier: 'udp' })),
  ];
}

/** The announced addresses of a device, by carrier. */
export function byCarrier(candidates: readonly Candidate[]): Addresses {
  const of = (kind: string) =>
    candidates.filter(({ carrier = 'tcp' }) => carrier === kind).map(({ ip, port }) => ({ ip, port }));
  return { tcp: of('tcp'), udp: of('udp') };
}
