import dgram from 'node:dgram';
import net from 'node:net';
import test, { type ExecutionContext } from 'ava';
import type { Candidate } from '../../../../client/links/carrier.js';
import { until } from '../../../support/until.js';
import { introduce, pairOverBoth } from '../pair.js';

const host = '127.0.0.1';
/** Accepts connections and never sends anything. */
async function silentTcp(t: ExecutionContext): Promise<Candidate> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => void sockets.add(socket.on('error', () => socket.destroy())));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  t.teardown(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const address = server.address();
  return { ip: host, port: address !== null && typeof address === 'object' ? address.port : 0 };
}

async function silentUdp(t: ExecutionContext): Promise<Candidate> {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  t.teardown(() => socket.close());
  return { ip: host, port: socket.address().port };
}

test('candidates: given both carriers, then TCP carries the link', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  introduce(ben, ann);
  introduce(ann, ben);
  await until(() => ann.link(ben)?.state === 'open', 'the link');
  t.is(ann.link(ben)?.carrier, 'tcp');
});

test('candidates: given a silent TCP address and a silent UDP address, then the second UDP address carries the link', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  introduce(ben, ann);
  const udp = [await silentUdp(t), ...(ben.addresses.udp ?? [])];
  introduce(ann, ben, { tcp: [await silentTcp(t)], udp });
  ann.say(ben, 'over UDP');
  ben.say(ann, 'likewise');
  await until(() => ben.got.length === 1 && ann.got.length === 1, 'both payloads');
  t.is(ann.link(ben)?.carrier, 'udp');
  t.is(ben.link(ann)?.carrier, 'udp');
  t.regex(ann.link(ben)?.reason.message ?? '', /over udp with 127\.0\.0\.1/);
});

test('candidates: given no device at any address, then each attempt has its reason', async (t) => {
  const [ann, ben] = await pairOverBoth(t);
  const udp = [await silentUdp(t)];
  introduce(ann, ben, { tcp: [{ ip: host, port: 1 }], udp });
  const attempts = () => ann.link(ben)?.attempts ?? [];
  await until(() => attempts().some(({ carrier }) => carrier === 'udp'), 'the attempt over UDP');
  const [first] = attempts();
  t.like(first, { carrier: 'tcp', failure: { code: 'unreachable' } });
  const last = attempts().find(({ carrier }) => carrier === 'udp');
  t.like(last, { carrier: 'udp', via: `${host}:${udp[0]?.port}`, failure: { code: 'unreachable' } });
  t.regex(last?.failure?.message ?? '', /no answer over UDP/);
});
