import test from 'ava';
import { addressesOf } from '../../../core/protocol/hop.js';

const cases: readonly (readonly [what: string, ip: string, port: number, expected: object | null])[] = [
  ['IPv4', '203.0.113.5', 4_000, { ip: '203.0.113.5', port: 4_000 }],
  ['IPv6', '2001:db8::7', 4_000, { ip: '2001:db8::7', port: 4_000 }],
  ['IPv4 as a socket for both families shows it', '::ffff:203.0.113.5', 1, { ip: '203.0.113.5', port: 1 }],
  ['link-local IPv6 with its interface', 'fe80::1%eth0', 1, { ip: 'fe80::1', port: 1 }],
  ['a closed socket', 'gone', 0, null],
];

for (const [what, ip, port, expected] of cases) {
  test(`hop: given ${what}, then the address has the form of the wire`, (t) => {
    const end = { ip, port };
    const broker = { ip: '198.51.100.1', port: 4_222 };
    t.deepEqual(addressesOf({ local: end, remote: broker }), { from: expected, to: broker } as object);
    t.deepEqual(addressesOf({ local: broker, remote: end }), { from: broker, to: expected } as object);
  });
}

test('hop: given no socket, then both addresses are unknown; given the same socket, then they are made once', (t) => {
  t.deepEqual(addressesOf(null), { from: null, to: null });
  const ends = { local: { ip: '::1', port: 1 }, remote: { ip: '::1', port: 2 } };
  t.is(addressesOf(ends), addressesOf(ends));
});
