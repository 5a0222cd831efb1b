import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { pino } from 'pino';
import type { BrokerEvent } from '../../../../core/bus/broker/supervisor.js';
import type { BusEvent } from '../../../../core/bus/connection/bus-event.js';
import { OperatorError } from '../../../../core/errors.js';
import { createLog } from '../../../../core/log.js';
import { testBroker, testNats } from '../../../support/bus/broker.js';
import { temporaryFolder } from '../../../support/folder.js';
import { startHelper } from '../../../support/processes/process.js';
import { until } from '../../../support/until.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('broker: given any free port, when it starts, then clients reach it at its URL', async (t) => {
  const { broker, tracker } = await testBroker(t);
  const bus = await tracker();
  t.is(bus.info.serverVersion, broker.version);
  t.is(bus.info.port, broker.port);
  t.true(broker.pid > 0);
});

test('broker: given a taken port, when it starts, then the error names the port and the remedy', async (t) => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.teardown(() => other.close());
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const error = await t.throwsAsync(testBroker(t, { port }), { instanceOf: OperatorError });
  t.true(error.message.includes(`port ${port}`));
  t.true(error.remedy.includes('--broker-port 0'));
});

test('broker: given a home whose last port is free, when it starts again, then it uses the same port', async (t) => {
  const home = await temporaryFolder(t);
  const first = await testBroker(t, { home });
  await first.broker.stop();
  const second = await testBroker(t, { home });
  t.is(second.broker.port, first.broker.port);
});

test('broker: given a home whose last port is now taken, when it starts again, then it uses another port', async (t) => {
  const home = await temporaryFolder(t);
  const first = await testBroker(t, { home });
  await first.broker.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(first.broker.port, '127.0.0.1', resolve));
  t.teardown(() => other.close());
  const second = await testBroker(t, { home });
  t.not(second.broker.port, first.broker.port);
});

test('broker: given that it is killed, then it restarts on its port and its clients reconnect', async (t) => {
  const events: BrokerEvent[] = [];
  const statuses: BusEvent[] = [];
  const { broker, tracker, device } = await testBroker(t, { onEvent: (event) => events.push(event) });
  const server = await tracker();
  server.subscribe('tracker.cmd.>', ({ reply = '', data }) => server.publish(reply, data));
  await server.flush();
  const client = await device({ onStatus: (status) => statuses.push(status) });
  const subject = `tracker.cmd.${client.account}.${client.device}.sync`;
  const { pid, port } = broker;

  process.kill(pid, 'SIGKILL');
  await until(() => statuses.some(({ type }) => type === 'disconnected'), 'the client notices');
  await until(() => client.bus.isConnected && server.isConnected, 'both are back');
  await server.flush();
  t.deepEqual(
    Buffer.from(await client.bus.request(subject, bytes('hi'), { timeoutMs: 5_000 })),
    Buffer.from('hi'),
  );
  t.is(broker.port, port);
  t.not(broker.pid, pid);
  t.deepEqual(
    events.map(({ type }) => type),
    ['died', 'restarted'],
  );
});

test('broker: given one left behind by a killed tracker, when the next starts, then the old one is ended and its port is reused', async (t) => {
  const home = await temporaryFolder(t);
  const killed = await startHelper(t, 'hold-broker', [home]);
  const [pid = 0, port = 0] = killed.said.split(' ').map(Number);
  await killed.kill();
  t.true(isRunning(pid));
  const { broker } = await testBroker(t, { home });
  t.is(broker.port, port);
  t.not(broker.pid, pid);
  await until(() => !isRunning(pid), 'the orphan is gone');
});

test('broker: given a pid file that names another program, when it starts, then that program keeps running', async (t) => {
  const home = await temporaryFolder(t);
  const first = await testBroker(t, { home });
  await first.broker.stop();
  const bystander = await startHelper(t, 'hold-home', [await temporaryFolder(t)]);
  await writeFile(join(home, 'broker', 'broker.pid'), String(bystander.pid));
  await testBroker(t, { home });
  t.true(isRunning(bystander.pid));
});

test('broker: given a server that dies at every start, then the failure is reported, and the server runs again once it is repaired', async (t) => {
  const events: BrokerEvent[] = [];
  const { binary } = await testNats();
  const wrapper = join(await temporaryFolder(t), 'nats-server');
  const write = async (line: string): Promise<void> => {
    await writeFile(wrapper, `#!/bin/sh\n${line}\n`);
    await chmod(wrapper, 0o755);
  };
  await write(`exec "${binary}" "$@"`);
  const nats = { ...(await testNats()), binary: wrapper };
  const file = join(await temporaryFolder(t), 'tracker.log');
  const log = createLog({ file });
  const { broker } = await testBroker(t, { nats, log, onEvent: (event) => events.push(event) });

  await write('echo no luck >&2; exit 3');
  process.kill(broker.pid, 'SIGKILL');
  const failing = await until(
    () => events.find((event) => event.type === 'failing'),
    'the failure is reported',
  );
  t.like(failing, { deaths: 5, how: 'it did not start: no luck' });
  t.is(broker.pid, 0);
  const lines = (await readFile(file, 'utf8')).split('\n');
  const told = lines.find((line) => line.includes('the broker keeps dying')) ?? '{}';
  t.like(JSON.parse(told), { level: pino.levels.values['error'], how: 'it did not start: no luck' });
  await write(`exec "${binary}" "$@"`);
  await until(() => broker.pid > 0, 'it runs again');
});

test('broker: given a mistake in the configuration, when it starts, then the message quotes the server', async (t) => {
  const configuration = join(await temporaryFolder(t), 'nats.conf');
  await writeFile(configuration, 'include deployment.conf\nno_such_field: 1\n');
  const error = await t.throwsAsync(testBroker(t, { configuration }), { instanceOf: OperatorError });
  t.regex(error.message, /no_such_field/);
});

test('broker: given that it is stopped, then its process is gone and no pid file is left', async (t) => {
  const { broker, home } = await testBroker(t);
  const { pid } = broker;
  await broker.stop();
  t.false(isRunning(pid));
  await t.throwsAsync(readFile(join(home, 'broker', 'broker.pid')), { code: 'ENOENT' });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
