import { createSocket } from 'node:dgram';
import test, { type ExecutionContext } from 'ava';
import { startReflector } from '../../../actors/contact/reflector.js';
import { systemClock } from '../../../core/time/clock.js';
import { OperatorError } from '../../../core/errors.js';
import { silentLog } from '../../../core/log.js';
import { decodeReflection, encodeQuestion } from '../../../core/protocol/reflection.js';
import { until } from '../../support/until.js';

const host = '127.0.0.1';
const token = '0102030405060708';

async function start(t: ExecutionContext, clock = systemClock) {
  const reflector = await startReflector({ host, port: 0, clock, log: silentLog });
  t.teardown(() => reflector.close());
  return reflector;
}

async function terminal(t: ExecutionContext) {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  t.teardown(() => socket.close());
  const heard: Buffer[] = [];
  socket.on('message', (bytes) => void heard.push(bytes));
  const ask = (port: number, bytes: Uint8Array): Promise<void> =>
    new Promise((resolve) => socket.send(bytes, port, host, () => resolve()));
  return { heard, ask, address: { ip: host, port: socket.address().port } };
}

test('reflector: given a question to each port, then both answers hold its source address and are not longer than the question', async (t) => {
  const { ports } = await start(t);
  t.is(new Set(ports).size, 2);
  const { heard, ask, address } = await terminal(t);
  for (const port of ports) await ask(port, encodeQuestion(token));
  await until(() => heard.length === 2, 'both answers');
  for (const bytes of heard) {
    t.deepEqual(decodeReflection(bytes), { token, address });
    t.true(bytes.length <= encodeQuestion(token).length);
  }
});

test('reflector: given an invalid question, then there is no answer', async (t) => {
  const { ports } = await start(t);
  const [port = 0] = ports;
  const { heard, ask } = await terminal(t);
  const question = encodeQuestion(token);
  for (let length = 0; length < question.length; length += 1) await ask(port, question.subarray(0, length));
  await ask(port, Buffer.concat([question, Buffer.of(0)]));
  await ask(port, Buffer.alloc(question.length, 0xff));
  await ask(port, question);
  await until(() => heard.length > 0, 'the one answer');
  t.is(heard.length, 1);
});

test('reflector: given an origin that floods questions, then answers stop at the limit', async (t) => {
  // The clock does not advance, so the buckets do not refill.
  const { ports } = await start(t, { now: () => 1_000 });
  const [port = 0] = ports;
  const { heard, ask } = await terminal(t);
  for (let asked = 0; asked < 500; asked += 1) {
    await ask(port, encodeQuestion(token));
    if (asked % 50 === 49 && asked < 200) await until(() => heard.length > asked, 'the answers so far');
  }
  const other = await terminal(t);
  await other.ask(ports[1] ?? 0, encodeQuestion(token));
  await new Promise((resolve) => setImmediate(resolve));
  t.is(heard.length, 200);
  t.deepEqual(other.heard, []);
});

test('reflector: given a port, then the next port is the second; if that is taken, the start fails and leaves nothing open', async (t) => {
  const first = await start(t);
  const port = first.ports[0] ?? 0;
  const error = await t.throwsAsync(startReflector({ host, port, clock: systemClock, log: silentLog }), {
    instanceOf: OperatorError,
  });
  t.regex(error?.message ?? '', new RegExp(`UDP port ${port} on 127\\.0\\.0\\.1`));
  t.regex(error?.remedy ?? '', /--udp-port/);
});
