import { once } from 'node:events';
import { createServer } from 'node:net';
import test from 'ava';
import { checkPort, checkTracker } from '../../bin/checks.js';
import { tlsOf } from '../../bin/up.js';
import { OperatorError } from '../../core/errors.js';
import { openTracker } from '../actors/deployment.js';

const unset = { brokerHost: '127.0.0.1', insecure: false, tlsCert: undefined, tlsKey: undefined };
const own = { tlsCert: 'cert.pem', tlsKey: 'key.pem' };

test('up: beyond loopback the broker uses TLS, unless the operator turns it off', (t) => {
  for (const brokerHost of ['127.0.0.1', '127.0.0.2', '::1']) t.is(tlsOf({ ...unset, brokerHost }), 'none');
  for (const brokerHost of ['0.0.0.0', '::', '192.0.2.10', '2001:db8::1']) {
    t.is(tlsOf({ ...unset, brokerHost }), 'made');
    t.is(tlsOf({ ...unset, brokerHost, insecure: true }), 'none');
  }
});

test("up: an operator's own certificate is used on every address", (t) => {
  const files = { certificate: 'cert.pem', key: 'key.pem' };
  for (const brokerHost of ['127.0.0.1', '0.0.0.0']) {
    t.deepEqual(tlsOf({ ...unset, ...own, brokerHost }), files);
    t.deepEqual(tlsOf({ ...unset, ...own, brokerHost, insecure: true }), files);
  }
});

test('up: a certificate without its key, or a key without its certificate, is refused', (t) => {
  for (const half of [{ tlsCert: 'cert.pem' }, { tlsKey: 'key.pem' }]) {
    t.throws(() => tlsOf({ ...unset, ...half }), {
      instanceOf: OperatorError,
      message: /must be given together/,
    });
  }
});

test('doctor: given another program on the port of a stopped tracker, then it is not mistaken for the tracker', async (t) => {
  const tracker = await openTracker(t);
  const { host, port } = tracker.broker;
  t.like(await checkTracker(tracker.home), { verdict: 'good' });
  await tracker.stop();
  t.like(await checkTracker(tracker.home), {
    verdict: 'note',
    says: `not running; its invite names the broker at ${host}:${port}`,
  });
  const other = createServer((socket) => void socket.write('INFO {}\r\n')).listen(port, host);
  await once(other, 'listening');
  t.teardown(() => other.close());
  t.like(await checkTracker(tracker.home), { verdict: 'note' });
  t.like(await checkPort(host, port, tracker.home), {
    verdict: 'bad',
    says: `${port} on ${host} cannot be used: another program uses it`,
  });
});

test('doctor: a tracker with TLS is recognised', async (t) => {
  const { home, broker } = await openTracker(t, { tls: 'made' });
  t.like(await checkTracker(home), { verdict: 'good' });
  t.like(await checkPort(broker.host, broker.port, home), { verdict: 'good' });
});
