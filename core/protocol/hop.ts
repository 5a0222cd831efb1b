// The hop of an envelope: its carrier and the addresses of both ends, as the sender sees them. The sender adds the hop when it
// writes the envelope. The hop is shown to people. No code trusts it, stores it or passes it on.
import { type Address, addressSchema, type Connection } from './envelope.js';

export interface Hop {
  readonly connection: Connection;
  /** Null if the sender does not know the address. */
  readonly from: Address | null;
  readonly to: Address | null;
}

/** The two ends of a socket as the system reports them. */
export interface SocketEnds {
  readonly local: { readonly ip: string; readonly port: number };
  readonly remote: { readonly ip: string; readonly port: number };
}

type Addresses = Pick<Hop, 'from' | 'to'>;

const UNKNOWN: Addresses = { from: null, to: null };
/** Caches the addresses of the sockets in use, because each socket writes many envelopes. */
const known = new WeakMap<SocketEnds, Addresses>();

/** The addresses of an envelope that is written to this socket; the same object for the same ends. */
export function addressesOf(ends: SocketEnds | null): Addresses {
  if (ends === null) return UNKNOWN;
  const before = known.get(ends);
  if (before !== undefined) return before;
  const addresses = { from: stated(ends.local), to: stated(ends.remote) };
  known.set(ends, addresses);
  return addresses;
}

/**
 * The address as an envelope contains it; null for an address that an envelope cannot contain, such as that of a closed socket.
 */
function stated({ ip, port }: SocketEnds['local']): Address | null {
  // A dual-stack socket shows IPv4 addresses as IPv6 addresses, and link-local addresses with the name of an interface.
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return addressSchema.safeParse({ ip: plain, port }).data ?? null;
}
