import test from 'ava';
import { inviteHost } from '../../actors/address.js';

const at = (address: string, internal = false) => {
  const common = { address, netmask: '', mac: '', internal, cidr: null };
  return address.includes(':')
    ? ({ ...common, family: 'IPv6', scopeid: 0 } as const)
    : ({ ...common, family: 'IPv4' } as const);
};

const machine = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  none: undefined,
  eth0: [at('fe80::1'), at('2001:db8::7'), at('192.0.2.10')],
  eth1: [at('198.51.100.7')],
};

test('address: given a broker on one address, then the invite names that one', (t) => {
  t.is(inviteHost('192.0.2.99', machine), '192.0.2.99');
  t.is(inviteHost('::1', machine), '::1');
});

test('address: given a broker on all addresses, then the invite names one that others can reach', (t) => {
  t.is(inviteHost('0.0.0.0', machine), '192.0.2.10');
  t.is(inviteHost('::', machine), '192.0.2.10');
  t.is(inviteHost('::', { eth0: [at('fe80::1'), at('2001:db8::7')] }), '2001:db8::7');
  t.is(inviteHost('0.0.0.0', { eth0: [at('2001:db8::7')] }), '127.0.0.1');
  t.is(inviteHost('0.0.0.0', { lo: machine.lo }), '127.0.0.1');
});
