// Two homes, each behind a NAT of its own, and on the internet between them a tracker: the whole program, nothing stands in.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { startTracker } from '../../bin/demo/demo.js';
import { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { PASSWORD } from '../support/device.js';
import { temporaryFolder } from '../support/folder.js';
import { ip, letForward, openSpaces, within } from './spaces.js';

/** What a NAT does with what comes uninvited, or with the ports; see nat.c. */
export type NatKind = 'drops' | 'accepts' | 'changing';

export interface Internet {
  /** In the first home, and in the second; both are registered. */
  readonly alice: JsonTerminal;
  readonly bob: JsonTerminal;
}

const SITES = [
  { inside: '10.1.0', outside: '198.51.100' },
  { inside: '10.2.0', outside: '203.0.113' },
] as const;

/** @param delayMs between each home and the internet, one way */
export async function openInternet(
  t: ExecutionContext,
  nats: readonly [NatKind, NatKind],
  delayMs: number,
): Promise<Internet> {
  const net = openSpaces(t);
  const internet = net.add('i');
  letForward(internet);
  const homes: string[] = [];
  for (const [index, { inside, outside }] of SITES.entries()) {
    const [home, router] = [net.add(`h${index}`), net.add(`r${index}`)];
    const [host, inner] = net.cable(home, router);
    const [outer, near] = net.cable(router, router);
    const [far, gateway] = net.cable(router, internet);
    net.address(gateway, `${outside}.1/24`);
    net.address(host, `${inside}.2/24`);
    ip('-n', home, 'route', 'add', 'default', 'via', `${inside}.1`);
    await net.start(router, 'wire', [near.device, far.device, String(delayMs), '0', '0', '0', '7']);
    const places = [inner.device, outer.device, `${outside}.2`, `${outside}.1`];
    await net.start(router, 'nat', [...places, nats[index] ?? 'drops']);
    homes.push(home);
  }
  const folder = await temporaryFolder(t);
  const settings = { PARTYLINE_BROKER_HOST: `${SITES[0].outside}.1`, PARTYLINE_BCRYPT_COST: '10' };
  const { tracker, invite } = await startTracker(join(folder, 'tracker'), settings, within(internet));
  t.teardown(() => tracker.stop('SIGTERM'));
  const [alice, bob] = await Promise.all([
    settle(t, 'alice', homes[0] ?? '', folder, invite),
    settle(t, 'bob', homes[1] ?? '', folder, invite),
  ]);
  return { alice, bob };
}

async function settle(
  t: ExecutionContext,
  profile: string,
  space: string,
  folder: string,
  invite: string,
): Promise<JsonTerminal> {
  const terminal = new JsonTerminal({ profile, home: join(folder, 'terminals'), invite, by: within(space) });
  t.teardown(() => terminal.kill());
  await terminal.type(`/register ${profile} ${PASSWORD}`);
  return terminal;
}
