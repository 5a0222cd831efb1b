import test, { type ExecutionContext } from 'ava';
import UDX from 'udx-native';
import type { Candidate } from '../../../../client/links/carrier.js';
import { LinkError } from '../../../../client/links/failure.js';
import { openUdpSockets } from '../../../../client/links/udp/sockets.js';
import { silentLog } from '../../../../core/log.js';
import { until } from '../../../support/until.js';

function opened(t: ExecutionContext, host?: string) {
  const heard: { readonly text: string; readonly from: Candidate }[] = [];
  const sockets = openUdpSockets({
    udx: new UDX(),
    host,
    onMessage: (bytes, from) => heard.push({ text: bytes.toString(), from }),
    log: silentLog,
  });
  t.teardown(() => sockets.close());
  return { ...sockets, heard };
}

test('UDP sockets: given all interfaces, then one port serves both families with a socket each', async (t) => {
  const [near, far] = [opened(t), opened(t, '::')];
  for (const ip of ['127.0.0.1', '::1']) {
    near.send(Buffer.from(ip), { ip, port: far.port });
    await until(() => far.heard.find(({ text }) => text === ip), `the datagram to ${ip}`);
  }
  t.deepEqual(
    far.heard.map(({ from }) => from),
    ['127.0.0.1', '::1'].map((ip) => ({ ip, port: near.port })),
  );
  t.not(near.socketFor('127.0.0.1'), near.socketFor('::1'));
  t.is(near.socketFor('::1').address()?.port, near.socketFor('127.0.0.1').address()?.port);
});

test('UDP sockets: given an address of one family, then datagrams to the other are dropped, and streams to it are refused', async (t) => {
  const near = opened(t, '127.0.0.1');
  const far = opened(t);
  near.send(Buffer.from('lost'), { ip: '::1', port: far.port });
  near.send(Buffer.from('there'), { ip: '127.0.0.1', port: far.port }, 2);
  await until(() => far.heard.length > 0, 'the datagram');
  t.deepEqual(
    far.heard.map(({ text }) => text),
    ['there'],
  );
  t.throws(() => near.socketFor('::1'), { instanceOf: LinkError, message: /no IPv6 on this device/ });
});
