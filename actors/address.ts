// The address that an invite names: one that others can reach, where the broker listens on every address of this machine.
import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const LOOPBACK = '127.0.0.1';

/** `listening` itself unless it stands for all; then the first address that leads here from outside, IPv4 before IPv6. */
export function inviteHost(listening: string, interfaces: Interfaces = networkInterfaces()): string {
  if (!EVERY_ADDRESS.has(listening)) return listening;
  const outside = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    // A link-local IPv6 address means nothing without the reader's own interface name.
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
    .map(({ address }) => address);
  const first = outside.find((address) => isIPv4(address)) ?? (listening === '::' ? outside[0] : undefined);
  return first ?? LOOPBACK;
}
