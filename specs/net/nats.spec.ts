// Two terminals in home networks, each behind a NAT.
import { z } from 'zod';
import type { JsonTerminal } from '../../bin/demo/json-terminal.js';
import { until } from '../support/until.js';
import { isWhole, netTest } from './asked.js';
import { type NatKind, openInternet } from './internet.js';

const test = netTest('a link through NATs');
// Without delay the first packets arrive before the other side has opened its NAT; with delay they would cross.
const DELAY_MS = 0;

const linksSchema = z.object({ links: z.array(z.looseObject({ link: z.string(), reason: z.string() })) });

/** The carrier and the reason of the only link in `/links`. */
async function linkOf(terminal: JsonTerminal) {
  const { data } = await terminal.type('/links');
  const [link] = linksSchema.parse(data).links;
  return link ?? { link: null, reason: '' };
}

const pairs: readonly (readonly [NatKind, NatKind])[] = [
  ['accepts', 'accepts'],
  ['drops', 'drops'],
  ['accepts', 'drops'],
  ['drops', 'accepts'],
];

for (const [one, other] of isWhole ? pairs : pairs.slice(0, 1)) {
  test(`nats: given NATs that keep ports, one that ${one} and one that ${other} unexpected packets, then a link over UDP passes them`, async (t) => {
    t.timeout(120_000);
    const { alice, bob } = await openInternet(t, [one, other], DELAY_MS);
    const asked = Date.now();
    await alice.type('/msg --udp bob are you there?');
    await alice.expect({ event: 'link', peer: 'bob', link: 'udp', state: 'open' }, 'the link over UDP');
    t.log(`open ${Date.now() - asked} ms after the request`);
    await bob.expect({ event: 'message', from: 'alice', link: 'udp' }, 'the question');
    await bob.type('/msg alice yes');
    await alice.expect({ event: 'message', from: 'bob', link: 'udp' }, 'the answer');
    t.is((await linkOf(bob)).link, 'udp');
  });
}

test('nats: given two NATs that use another port for each peer, then the broker carries the link, and the reason is shown', async (t) => {
  t.timeout(120_000);
  const { alice, bob } = await openInternet(t, ['changing', 'changing'], DELAY_MS);
  await alice.type('/msg bob are you there?');
  await bob.expect({ event: 'message', from: 'alice', link: 'relay' }, 'the question');
  await bob.type('/msg alice yes');
  await alice.expect({ event: 'message', from: 'bob', link: 'relay' }, 'the answer');
  const shown = await until(
    async () => {
      const both = await Promise.all([alice, bob].map(linkOf));
      t.true(both.some(({ reason }) => reason.includes('The other device opens the connection')));
      return both.find(({ reason }) => reason.includes('udp')) ?? null;
    },
    'the reason',
    20_000,
  );
  t.is(shown.link, 'relay');
  t.log(shown.reason);
  t.regex(shown.reason, /Not over udp: .*the NAT of this network uses a different port for each peer/);
});
