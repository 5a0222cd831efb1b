import test from 'ava';
import { createRelayHub } from '../../../core/bus/relay-hub.js';
import type { DeviceId } from '../../../core/ids.js';
import { testBroker } from '../../support/bus/broker.js';
import { newDeviceId } from '../../support/identities.js';
import { until } from '../../support/until.js';

function recorder() {
  const heard: string[] = [];
  let interruptions = 0;
  return {
    heard,
    interruptions: () => interruptions,
    message: (from: DeviceId, link: string, bytes: Buffer) =>
      void heard.push(`${from} ${link} ${String(bytes)}`),
    interrupted: () => {
      interruptions += 1;
    },
  };
}

test('relay hub: given a connection, then a device receives what is sent to it, with the sender', async (t) => {
  const broker = await testBroker(t);
  const [ann, ben] = [await broker.device(), await broker.device()];
  const [atAnn, atBen] = [createRelayHub(), createRelayHub()];
  const ear = recorder();
  // Receiving can be set up before or after the connection is attached.
  const line = atBen.line(ben.device);
  const stop = line.receive(ear);
  atBen.attach(ben.bus, ben.device);
  atAnn.attach(ann.bus, ann.device);
  await line.settled();
  t.true(line.maxBytes >= 128 * 1024);
  t.true(atAnn.line(ann.device).send(ben.device, 'one', Buffer.from('hello')));
  await until(() => ear.heard.length === 1, 'the message');
  t.deepEqual(ear.heard, [`${ann.device} one hello`]);
  stop();
  await line.settled();
  const isAlone = new Promise<void>((resolve) => {
    atAnn.line(ann.device).call(ben.device, 'two', Buffer.from('anybody?'), resolve);
  });
  await isAlone;
  t.deepEqual(ear.heard.length, 1);
});

test('relay hub: given no connection, or one of another device, then nothing is sent', async (t) => {
  const broker = await testBroker(t);
  const { bus, device } = await broker.device();
  const relayHub = createRelayHub();
  const line = relayHub.line(device);
  const stranger = relayHub.line(newDeviceId());
  t.false(line.send(device, 'x', Buffer.from('x')));
  t.is(line.maxBytes, 0);
  await line.settled();
  relayHub.attach(bus, device);
  t.false(stranger.send(device, 'x', Buffer.from('x')));
  t.false(stranger.call(device, 'x', Buffer.from('x'), () => t.fail()));
});

test('relay hub: given an interruption, then it is reported, and the device listens again on the next connection', async (t) => {
  const broker = await testBroker(t);
  const [ann, ben] = [await broker.device(), await broker.device()];
  const [atAnn, atBen] = [createRelayHub(), createRelayHub()];
  const ear = recorder();
  const line = atBen.line(ben.device);
  line.receive(ear);
  atAnn.attach(ann.bus, ann.device);
  const leave = atBen.attach(ben.bus, ben.device);
  await ben.bus.reconnect();
  t.is(ear.interruptions(), 1);
  leave();
  t.is(ear.interruptions(), 2);
  t.false(line.send(ann.device, 'x', Buffer.from('x')));
  const anew = await broker.device({}, { account: ben.account, key: ben.key });
  atBen.attach(anew.bus, ben.device);
  await line.settled();
  atAnn.line(ann.device).send(ben.device, 'again', Buffer.from('hello'));
  await until(() => ear.heard.length > 0, 'the message');
  t.deepEqual(ear.heard, [`${ann.device} again hello`]);
  leave();
  t.true(line.send(ann.device, 'x', Buffer.from('x')), 'the end of an old connection has no effect');
});
