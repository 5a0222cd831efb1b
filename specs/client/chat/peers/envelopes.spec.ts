// The hop of every envelope over a link, read off the wire for each carrier, each title and each status.
import test from 'ava';
import type { CarrierKind } from '../../../../client/links/carrier.js';
import { readFrame, writeFrame } from '../../../../client/chat/peers/wire.js';
import { commandIdSchema, systemIds } from '../../../../core/ids.js';
import { givenSchema } from '../../../../core/protocol/backfill/backfill.js';
import { makeRequest, type Request, type Response } from '../../../../core/protocol/envelope.js';
import type { Hop } from '../../../../core/protocol/hop.js';
import { until } from '../../../support/until.js';
import { type Arrival, BROKER } from '../support/carriers.js';
import { createWorld } from '../support/world.js';

const TITLES = ['History', 'MESSAGE', 'People'] as const;
const inOrder = (one: string, other: string): number => one.localeCompare(other);
const STATUSES = [300, 301, 400, 401];
/** All fields that a member passes on. They contain no address. */
const PASSED_ON = ['account', 'conversation', 'device', 'hlc', 'proof', 'roster', 'seq', 'spans', 'text'];
const carriers: readonly (readonly [kind: CarrierKind, connection: Hop['connection']])[] = [
  ['tcp', 'TCP'],
  ['udp', 'UDP'],
  ['relay', 'TCP'],
];

type Envelope = { readonly arrival: Arrival } & (
  | { readonly request: Request; readonly response: null }
  | { readonly request: null; readonly response: Response }
);

/** The envelopes that arrived, without the requests that the spec itself wrote. */
function envelopesIn(arrivals: readonly Arrival[], written: ReadonlySet<string>): readonly Envelope[] {
  return arrivals.flatMap((arrival): readonly Envelope[] => {
    const frame = readFrame(arrival.payload);
    if (frame.kind === 'response') return [{ arrival, request: null, response: frame.response }];
    if (frame.kind !== 'request' || written.has(frame.request.id)) return [];
    return [{ arrival, request: frame.request, response: null }];
  });
}

const hopOf = ({ request, response }: Envelope): Hop => request ?? response;

for (const [kind, connection] of carriers) {
  test(`envelopes: given links over ${kind}, then each request and response names its carrier and both addresses`, async (t) => {
    const world = await createWorld(t, kind);
    const [alice, bob, carol] = [
      await world.terminal('alice'),
      await world.terminal('bob'),
      await world.terminal('carol'),
    ];
    await alice.chat.create('lobby');
    for (const one of [bob, carol]) await one.chat.join('lobby');
    await alice.hears('notice', { type: 'MemberJoined', username: 'carol' });
    await alice.chat.say(null, 'to both');
    await alice.hears('delivery', { state: 'delivered', acked: 2 });
    await bob.stop();
    await alice.chat.say(null, 'while bob is away');
    await carol.hears('message', { text: 'while bob is away' });
    await alice.stop();
    const back = await world.restart(bob);
    await back.hears('message', { text: 'while bob is away' });
    await carol.chat.setDnd(true);
    await back.hears('presence', { username: 'carol', state: 'dnd' });

    const written = new Set<string>();
    for (const title of TITLES) {
      const id = commandIdSchema.parse(systemIds.next());
      written.add(id);
      const unreadable = writeFrame(makeRequest({ id, title, data: {} }));
      t.is(world.wire.linksOf(carol.device)?.send(back.device, unreadable), 'taken');
    }
    const seen = await until(() => {
      const all = envelopesIn(world.wire.arrivals, written);
      const answered = new Set(all.map(({ response }) => response?.id));
      return [...written].every((id) => answered.has(id)) && all;
    }, 'all are answered');

    const titles = new Set<string>(seen.flatMap(({ request }) => request?.title ?? []));
    t.deepEqual([...titles].toSorted(inOrder), TITLES);
    const statuses = new Set(seen.flatMap(({ response }) => response?.status ?? []));
    t.deepEqual(
      [...statuses].toSorted((one, other) => one - other),
      STATUSES,
    );
    for (const envelope of seen) {
      const { from, to, connection: carrier } = hopOf(envelope);
      t.is(carrier, connection);
      if (kind === 'relay') {
        t.deepEqual(
          [from, to],
          [BROKER, BROKER],
          'a relayed envelope shows the broker, and no address of a member',
        );
        continue;
      }
      t.is(from?.ip, '127.0.0.1');
      t.is(to?.ip, '127.0.0.1');
      t.not(from?.port, to?.port);
    }
    const given = seen.flatMap(({ response }) => givenSchema.safeParse(response?.data).data?.messages ?? []);
    t.true(given.length > 0, 'messages were passed on');
    for (const text of given) t.deepEqual(Object.keys(JSON.parse(text) as object).toSorted(), PASSED_ON);
  });
}
