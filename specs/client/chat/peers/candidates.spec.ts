import test from 'ava';
import { announced, byCarrier } from '../../../../client/chat/peers/candidates.js';

const at = (port: number) => ({ ip: '192.0.2.1', port });
const many = (count: number) => Array.from({ length: count }, (_, index) => at(index + 1));

test('candidates: the addresses of one carrier leave room for those of the other', (t) => {
  const all = announced({ tcp: many(20), udp: many(20) });
  t.is(all.length, 16);
  t.deepEqual(all.slice(0, 8), many(8));
  t.true(all.slice(8).every(({ carrier }) => carrier === 'udp'));
});

test('candidates: announced addresses are read back by carrier', (t) => {
  t.deepEqual(byCarrier(announced({ tcp: many(2), udp: many(3) }), true), { tcp: many(2), udp: many(3) });
  t.deepEqual(byCarrier(announced({}), true), { tcp: [], udp: [] });
});

test('candidates: an address without a carrier counts as TCP, and one with an unknown carrier is ignored', (t) => {
  t.deepEqual(byCarrier([at(1), { ...at(2), carrier: 'quic' }], true), { tcp: [at(1)], udp: [] });
});

test('candidates: the address that the reflector saw comes before the own UDP addresses, unless it is one of them', (t) => {
  const outside = { ip: '203.0.113.5', port: 4_000 };
  const [first, ...others] = announced({ udp: many(2) }, { udp: [outside] });
  t.deepEqual(first, { ...outside, carrier: 'udp', via: 'reflexive' });
  t.is(others.length, 2);
  t.is(announced({ udp: many(2) }, { udp: [at(2)] }).length, 2);
});
