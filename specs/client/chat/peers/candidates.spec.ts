import test from 'ava';
import { announced, byCarrier } from '../../../../client/chat/peers/candidates.js';

const at = (port: number) => ({ ip: '192.0.2.1', port });
const many = (count: number) => Array.from({ length: count }, (_, index) => at(index + 1));

test('candidates: what is announced of one carrier leaves room for the other', (t) => {
  const all = announced({ tcp: many(20), udp: many(20) });
  t.is(all.length, 16);
  t.deepEqual(all.slice(0, 8), many(8));
  t.true(all.slice(8).every(({ carrier }) => carrier === 'udp'));
});

test('candidates: what one terminal announces, the other finds again by carrier', (t) => {
  t.deepEqual(byCarrier(announced({ tcp: many(2), udp: many(3) }), true), { tcp: many(2), udp: many(3) });
  t.deepEqual(byCarrier(announced({}), true), { tcp: [], udp: [] });
});

test('candidates: an address without a carrier is of TCP, and one of an unknown carrier is passed over', (t) => {
  t.deepEqual(byCarrier([at(1), { ...at(2), carrier: 'quic' }], true), { tcp: [at(1)], udp: [] });
});

test('candidates: what the reflector saw is announced before the own addresses over UDP, unless it is one of them', (t) => {
  const outside = { ip: '203.0.113.5', port: 4_000 };
  const [first, ...others] = announced({ udp: many(2) }, { udp: [outside] });
  t.deepEqual(first, { ...outside, carrier: 'udp', via: 'reflexive' });
  t.is(others.length, 2);
  t.is(announced({ udp: many(2) }, { udp: [at(2)] }).length, 2);
});
