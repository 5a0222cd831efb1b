import test from 'ava';
import type { Candidate } from '../../../../client/links/carrier.js';
import {
  createReflexiveAddressQuery,
  reflectorAddresses,
} from '../../../../client/links/udp/reflexive-address.js';
import { keepAliveSchedule } from '../../../../core/time/clock.js';
import { decodeQuestion, encodeReflection } from '../../../../core/protocol/reflection.js';

const ports = [1, 2].map((port) => ({ ip: '192.0.2.9', port }));
const seen = (port: number): Candidate => ({ ip: '203.0.113.5', port });

/** A view whose reflectors see what is told here; null keeps silent. */
function queryThrough(tell: (reflector: Candidate, asked: number) => Candidate | null) {
  let asked = 0;
  const query = createReflexiveAddressQuery(keepAliveSchedule, (bytes, to) => {
    const token = decodeQuestion(bytes);
    asked += 1;
    const address = tell(to, asked);
    if (token !== null && address !== null) query.receive(encodeReflection(token, address));
  });
  return query;
}

test('outside: given a NAT that shows one address to all, then that is where the device is found', async (t) => {
  const query = queryThrough(() => seen(4_000));
  t.is(query.mapping, 'unknown');
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
  t.is(query.mapping, 'endpoint-independent');
});

test('outside: given a NAT that shows another port to each, then the device is found nowhere', async (t) => {
  const query = queryThrough(({ port }) => seen(4_000 + port));
  t.deepEqual(await query.ask(ports), []);
  t.is(query.mapping, 'endpoint-dependent');
});

test('outside: given questions that get lost, then they are asked again', async (t) => {
  const query = queryThrough((_, asked) => (asked > 4 ? seen(4_000) : null));
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
});

test('outside: given nobody who answers, or one only, then what is known of the NAT stays', async (t) => {
  t.deepEqual(await queryThrough(() => null).ask(ports), []);
  const query = queryThrough(({ port }) => (port === 1 ? seen(4_000) : null));
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
  t.is(query.mapping, 'unknown');
  t.deepEqual(await query.ask([]), []);
});

test('outside: an answer that nobody asked for changes nothing, and other bytes are no answer', (t) => {
  const query = queryThrough(() => null);
  t.true(query.receive(encodeReflection('00'.repeat(8), seen(1))));
  t.false(query.receive(Buffer.from('PLY')));
  t.is(query.mapping, 'unknown');
});

test('outside: a reflector is at an address, or at what a name leads to', async (t) => {
  t.deepEqual(await reflectorAddresses('127.0.0.1', [7, 8]), [
    { ip: '127.0.0.1', port: 7 },
    { ip: '127.0.0.1', port: 8 },
  ]);
  t.deepEqual(await reflectorAddresses('no such name', [7]), []);
});
