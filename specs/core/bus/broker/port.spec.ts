// Ports of this machine, free and taken.
import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { requirePort, whyNotListen } from '../../../../core/bus/broker/port.js';
import { OperatorError } from '../../../../core/errors.js';

test('port: a port in use by another program is refused by number; a free port is accepted', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const error = await t.throwsAsync(requirePort('127.0.0.1', port), { instanceOf: OperatorError });
  t.is(error.message, `port ${port} on 127.0.0.1 is in use by another program`);
  other.close();
  await once(other, 'close');
  await t.notThrowsAsync(requirePort('127.0.0.1', port));
  t.is(await whyNotListen('127.0.0.1', 0), null);
});

test('port: an address that this machine does not have is refused by name', async (t) => {
  // Reserved for documentation (RFC 5737): no machine has it.
  const error = await t.throwsAsync(requirePort('192.0.2.1', 0), { instanceOf: OperatorError });
  t.is(error.message, '192.0.2.1 is not an address of this machine');
  t.regex(error.remedy, /--broker-host/);
});
