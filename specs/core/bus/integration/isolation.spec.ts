// What an integration cannot reach. JetStream publishes answers on the reply subject that a request names, so the reply subject must
// not lead out of the account of the integration.
import test from 'ava';
import { spell } from '../../../../core/bus/broker/version.js';
import { createEventRelay } from '../../../../core/bus/event-relay.js';
import { createConsumers } from '../../../../core/bus/integration/consumers.js';
import { API_PREFIX, consumerName, presenceSubject } from '../../../../core/bus/integration/subjects.js';
import { everyNats, testBroker } from '../../../support/bus/broker.js';
import { lengthOf, relayed } from '../../../support/bus/events-stream.js';
import { plainClient, testIntegration } from '../../../support/bus/integration.js';
import { newAccountId } from '../../../support/identities.js';
import { until } from '../../../support/until.js';

// This is awaited before the first title, because AVA requires all titles to be declared together.
const every = await everyNats();

for (const nats of every) {
  test(`isolation: given nats-server ${spell(nats.version)}, then an integration cannot reach other subjects through reply subjects`, async (t) => {
    const broker = await testBroker(t, { nats });
    const [events, tracker] = [await broker.events(), await broker.tracker()];
    const relay = createEventRelay(events);
    await relay.resume();
    await relay.publish([relayed(1), relayed(2), relayed(3)]);
    const [reader, other] = [
      await testIntegration(broker, ['events:rooms', 'presence:read']),
      await testIntegration(broker, ['events:rooms']),
    ];
    const consumers = [reader, other].map(({ name }) => ({
      name: consumerName(name, 'rooms'),
      filters: ['events.room.*'],
      from: 1,
      grant: 'spec',
    }));
    t.deepEqual(await createConsumers(events).arrange(consumers), []);
    const client = await plainClient(t, broker, reader);
    const [own = '', others = ''] = [reader, other].map(({ name }) => consumerName(name, 'rooms'));
    const leaked: string[] = [];
    for (const inside of [tracker, events]) {
      for (const subject of ['user.>', 'tracker.>', 'relay.>', 'integration.>', '_INBOX_tracker.>']) {
        inside.subscribe(subject, () => void leaked.push(subject));
      }
      await inside.flush();
    }
    const targets = [
      '$JS.API.STREAM.DELETE.EVENTS',
      '$JS.API.STREAM.PURGE.EVENTS',
      `$JS.API.CONSUMER.DELETE.EVENTS.${others}`,
      `$JS.API.CONSUMER.MSG.NEXT.EVENTS.${others}`,
      `${API_PREFIX}.CONSUMER.MSG.NEXT.EVENTS.${others}`,
      'events.room.forged',
      `user.${newAccountId()}.notice`,
      `tracker.cmd.${newAccountId()}.x.sync`,
      `integration.${other.name}.admin.x`,
      '_INBOX_tracker.x',
    ];
    const ask = (verb: string, body: string, reply: string): void =>
      client.publish(`${API_PREFIX}.CONSUMER.${verb}.EVENTS.${own}`, body, { reply });
    for (const reply of targets) {
      // The broker answers with an event, with a status message without a body, and with the description of the consumer.
      for (const body of ['', JSON.stringify({ batch: 1, no_wait: true })]) ask('MSG.NEXT', body, reply);
      ask('INFO', '', reply);
    }
    // A request of the same client that the broker handles after all of these.
    await client.request(`${API_PREFIX}.CONSUMER.INFO.EVENTS.${own}`, '', { timeout: 5_000 });
    await events.flush();
    t.is(await lengthOf(events), 3, 'the stream is intact');
    t.deepEqual(leaked, []);
    const names = await events.request('$JS.API.CONSUMER.NAMES.EVENTS', Buffer.from(''), {
      timeoutMs: 5_000,
    });
    t.true(Buffer.from(names).toString().includes(others), 'the other consumer is there');
    const info = await events.request(`$JS.API.CONSUMER.INFO.EVENTS.${others}`, Buffer.from(''), {
      timeoutMs: 5_000,
    });
    t.like(
      JSON.parse(Buffer.from(info).toString()),
      { num_ack_pending: 0, num_pending: 3 },
      'nothing was taken from it',
    );
  });
}

test('isolation: presence reaches only integrations with the scope for it', async (t) => {
  const broker = await testBroker(t);
  const events = await broker.events();
  const [reader, other] = [
    await testIntegration(broker, ['presence:read']),
    await testIntegration(broker, ['accounts:read']),
  ];
  const heard: string[] = [];
  for (const { name, credentials } of [reader, other]) {
    const bus = await broker.connect({ credentials, inboxPrefix: '_INBOX' });
    bus.subscribe('presence.*', () => void heard.push(name));
    await bus.flush();
  }
  const account = newAccountId();
  await until(async () => {
    events.publish(presenceSubject(account), Buffer.from('{}'));
    await events.flush();
    return heard.length > 0;
  }, 'the presence arrives');
  t.false(heard.includes(other.name));
});
