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

/** A query whose reflectors answer with the address that `answer` returns; null means no answer. */
function queryThrough(answer: (reflector: Candidate, asked: number) => Candidate | null) {
  let asked = 0;
  const query = createReflexiveAddressQuery(keepAliveSchedule, (bytes, to) => {
    const token = decodeQuestion(bytes);
    asked += 1;
    const address = answer(to, asked);
    if (token !== null && address !== null) query.receive(encodeReflection(token, address));
  });
  return query;
}

test('reflexive address: given one address at all ports, then that is the result', async (t) => {
  const query = queryThrough(() => seen(4_000));
  t.is(query.mapping, 'unknown');
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
  t.is(query.mapping, 'endpoint-independent');
});

test('reflexive address: given another port for each reflector port, then the result is empty', async (t) => {
  const query = queryThrough(({ port }) => seen(4_000 + port));
  t.deepEqual(await query.ask(ports), []);
  t.is(query.mapping, 'endpoint-dependent');
});

test('reflexive address: given lost questions, then they are sent again', async (t) => {
  const query = queryThrough((_, asked) => (asked > 4 ? seen(4_000) : null));
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
});

test('reflexive address: given no answer or only one, then the mapping stays unknown', async (t) => {
  t.deepEqual(await queryThrough(() => null).ask(ports), []);
  const query = queryThrough(({ port }) => (port === 1 ? seen(4_000) : null));
  t.deepEqual(await query.ask(ports), [seen(4_000)]);
  t.is(query.mapping, 'unknown');
  t.deepEqual(await query.ask([]), []);
});

test('reflexive address: given an answer without a question, then it changes nothing, and other bytes are not an answer', (t) => {
  const query = queryThrough(() => null);
  t.true(query.receive(encodeReflection('00'.repeat(8), seen(1))));
  t.false(query.receive(Buffer.from('PLY')));
  t.is(query.mapping, 'unknown');
});

test('reflexive address: given a reflector as address or name, then its addresses are resolved, and an unknown name gives none', async (t) => {
  t.deepEqual(await reflectorAddresses('127.0.0.1', [7, 8]), [
    { ip: '127.0.0.1', port: 7 },
    { ip: '127.0.0.1', port: 8 },
  ]);
  t.deepEqual(await reflectorAddresses('no such name', [7]), []);
});
