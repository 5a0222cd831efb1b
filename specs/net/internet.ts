// Two home networks and a tracker on the internet between them, all running the complete program.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { startTracker } from '../../bin/demo/demo.js';
import { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { temporaryFolder } from '../support/folder.js';
import { type End, ip, enableForwarding, openSpaces, type Spaces, within } from './spaces.js';

/** The behaviour of a NAT towards unexpected packets and ports; see nat.c. */
export type NatKind = 'drops' | 'accepts' | 'changing';

export interface Internet {
  /** Terminals in the first and in the second home, both registered. */
  readonly alice: JsonTerminal;
  readonly bob: JsonTerminal;
  /** Replaces the address of that machine with another one. */
  readonly move: (who: 'alice' | 'bob') => void;
}

interface Site {
  readonly inside: string;
  readonly outside: string;
  /** Null if the home has no NAT. */
  readonly nat: NatKind | null;
  readonly delayMs: number;
}

/** @param delayMs the delay between each home and the internet, one way */
export async function openInternet(
  t: ExecutionContext,
  nats: readonly [NatKind, NatKind] | null,
  delayMs: number,
): Promise<Internet> {
  const net = openSpaces(t);
  const internet = net.add('i');
  enableForwarding(internet);
  const sites: readonly [Site, Site] = [
    { inside: '10.1.0', outside: '198.51.100', nat: nats?.[0] ?? null, delayMs },
    { inside: '10.2.0', outside: '203.0.113', nat: nats?.[1] ?? null, delayMs },
  ];
  const one = await build(net, internet, sites[0], 'a');
  const other = await build(net, internet, sites[1], 'b');
  const folder = await temporaryFolder(t);
  const settings = { PARTYLINE_BROKER_HOST: `${sites[0].outside}.1`, PARTYLINE_BCRYPT_COST: '10' };
  const { tracker, invite } = await startTracker(join(folder, 'tracker'), settings, within(internet));
  t.teardown(() => tracker.stop('SIGTERM'));
  const settle = async (profile: string, { space }: End): Promise<JsonTerminal> => {
    const home = join(folder, 'terminals');
    const terminal = new JsonTerminal({ profile, home, invite, by: within(space) });
    t.teardown(() => terminal.kill());
    await terminal.type(`/register ${profile} ${PASSWORD}`);
    return terminal;
  };
  const [alice, bob] = await Promise.all([settle('alice', one), settle('bob', other)]);
  return {
    alice,
    bob,
    move(who) {
      const [host, site] = who === 'alice' ? [one, sites[0]] : [other, sites[1]];
      const { space, device } = host;
      const network = networkOf(site);
      ip('-n', space, 'addr', 'del', `${network}.2/24`, 'dev', device);
      net.address(host, `${network}.22/24`);
      ip('-n', space, 'route', 'replace', 'default', 'via', `${network}.1`);
    },
  };
}

/** Builds a home network. Returns the home's end of its cable to the internet. */
async function build(net: Spaces, internet: string, site: Site, letter: string): Promise<End> {
  const [home, router] = [net.add(`h${letter}`), net.add(`r${letter}`)];
  const [host, inner] = net.cable(home, router);
  const [far, gateway] = net.cable(router, internet);
  const network = networkOf(site);
  net.address(host, `${network}.2/24`);
  net.address(gateway, `${site.outside}.1/24`);
  ip('-n', home, 'route', 'add', 'default', 'via', `${network}.1`);
  const across = ['0', '0', '0', '7'];
  if (site.nat === null) {
    await net.start(router, 'wire', [inner.device, far.device, String(site.delayMs), ...across]);
    return host;
  }
  const [outer, near] = net.cable(router, router);
  await net.start(router, 'wire', [near.device, far.device, String(site.delayMs), ...across]);
  const addresses = [`${site.outside}.2`, `${site.outside}.1`];
  await net.start(router, 'nat', [inner.device, outer.device, ...addresses, site.nat]);
  return host;
}

const networkOf = ({ nat, inside, outside }: Site): string => (nat === null ? outside : inside);
