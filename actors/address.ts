// The address in an invite. If the broker listens on every address, the invite names one that other machines can reach.
import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const LOOPBACK = '127.0.0.1';

/** Returns `listening`, or the first external address of this machine if `listening` means all addresses; IPv4 before IPv6. */
export function inviteHost(listening: string, interfaces: Interfaces = networkInterfaces()): string {
  if (!EVERY_ADDRESS.has(listening)) return listening;
  const outside = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    // A link-local IPv6 address works only with the interface name of the machine that uses it.
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
    .map(({ address }) => address);
  const first = outside.find((address) => isIPv4(address)) ?? (listening === '::' ? outside[0] : undefined);
  return first ?? LOOPBACK;
}
