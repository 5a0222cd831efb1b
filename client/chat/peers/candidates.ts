// Translation between the addresses of links, by carrier, and the candidates that devices announce. Opens no link.
import type { Candidate } from '../../../core/protocol/candidate.js';
import type { Address } from '../../../core/protocol/envelope.js';
import { limits } from '../../../core/protocol/limits.js';
import type { Addresses } from '../../links/introduction.js';

/**
 * The candidates to announce; each carrier gets half of the places. `outside`: the addresses that the reflector saw; without a
 * NAT they are among the device's own.
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
 * The announced addresses of a device, by carrier. UDP addresses are left out until this device's own addresses are announced.
 * Before that the peer does not expect this device, and a NAT probed too early may stay closed to it.
 */
export function byCarrier(candidates: readonly Candidate[], isAnnounced: boolean): Addresses {
  const of = (kind: string) =>
    candidates.filter(({ carrier = 'tcp' }) => carrier === kind).map(({ ip, port }) => ({ ip, port }));
  return { tcp: of('tcp'), udp: isAnnounced ? of('udp') : [] };
}
