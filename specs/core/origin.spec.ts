import test from 'ava';
import { isLoopback, originOf, UNKNOWN_ORIGIN } from '../../core/origin.js';

const spelled = (address: string): string => originOf(address);

test('origin: an IPv4 address is one origin', (t) => {
  t.is(spelled('192.0.2.7'), '192.0.2.7');
  t.not(originOf('192.0.2.8'), originOf('192.0.2.7'));
});

test('origin: IPv6 addresses of one /64 are one origin, however they are written', (t) => {
  const same = [
    '2001:db8:0:12::1',
    '2001:DB8:0:12:ffff::',
    '2001:0db8:0000:0012:1:2:3:4',
    '2001:db8:0:12:0::9%eth0',
  ];
  for (const address of same) t.is(spelled(address), '2001:db8:0:12::/64');
  t.is(spelled('2001:db8:0:13::1'), '2001:db8:0:13::/64');
  t.is(spelled('fe80::1%lo'), 'fe80:0:0:0::/64');
});

test('origin: an IPv4 address mapped into IPv6 is the IPv4 address', (t) => {
  t.is(originOf('::ffff:192.0.2.7'), originOf('192.0.2.7'));
  t.is(originOf('::ffff:c000:207'), originOf('192.0.2.7'));
});

test('origin: an invalid or missing address is one origin of its own', (t) => {
  for (const address of [undefined, '', 'localhost', '192.0.2', '1.2.3.4.5', 'g::1', '[::1]']) {
    t.is(originOf(address), UNKNOWN_ORIGIN, address);
  }
});

test('origin: every loopback address is this machine, and no other address is', (t) => {
  for (const address of ['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])
    t.true(isLoopback(originOf(address)), address);
  for (const address of ['192.0.2.1', '::2', '1::1', '128.0.0.1', undefined]) {
    t.false(isLoopback(originOf(address)), address);
  }
});
