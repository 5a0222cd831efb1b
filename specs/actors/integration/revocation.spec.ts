// Integrations of a whole tracker, as a third-party client sees them: the plain `nats` package, the credentials file and the documented
// subjects.
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import test from 'ava';
import { spell } from '../../../core/bus/broker/version.js';
import { everyNats } from '../../support/bus/broker.js';
import { until } from '../../support/until.js';
import { enter, openTracker } from '../deployment.js';
import { openOperator } from './operator.js';
import { follow } from './reader.js';

// This is awaited before the first title, because AVA requires all titles to be declared together.
const every = await everyNats();

for (const nats of every) {
  const version = spell(nats.version);

  test(`integrations: given nats-server ${version}, when one is revoked during a fetch, then it is disconnected and stays out`, async (t) => {
    const tracker = await openTracker(t, { nats });
    const operator = await openOperator(t, tracker);
    const [reader, other] = [
      await operator.add('reader', ['events:accounts']),
      await operator.add('other', ['events:accounts']),
    ];
    await enter(t, tracker, 'Ann');
    const [following, staying] = [
      await follow(t, reader, 'reader-accounts'),
      await follow(t, other, 'other-accounts'),
    ];
    await until(() => following.positions.length >= 2 && staying.positions.length >= 2, 'both read');
    await operator.revoke('reader');
    await until(() => following.hasEnded(), 'the integration is out');
    await t.throwsAsync(follow(t, reader, 'reader-accounts'), { message: /Authorization Violation/i });
    const before = staying.positions.length;
    await enter(t, tracker, 'Ben');
    await until(() => staying.positions.length > before, 'the other one still reads');
    t.false(staying.hasEnded());
  });

  test(`integrations: given nats-server ${version}, when one is rotated, then only the new credentials work, and they continue where the old ones stopped`, async (t) => {
    const tracker = await openTracker(t, { nats });
    const operator = await openOperator(t, tracker);
    const stolen = await operator.add('reader', ['events:accounts']);
    await enter(t, tracker, 'Ann');
    const first = await follow(t, stolen, 'reader-accounts');
    await until(() => first.acknowledged.length >= 2, 'Ann’s events are handled');
    const fresh = await operator.rotate('reader');
    await until(() => first.hasEnded(), 'the old credentials are out');
    await t.throwsAsync(follow(t, stolen, 'reader-accounts'), { message: /Authorization Violation/i });
    await enter(t, tracker, 'Ben');
    const second = await follow(t, fresh, 'reader-accounts');
    await until(() => second.positions.length >= 2, 'Ben’s events');
    const last = first.positions.at(-1) ?? 0;
    t.true(
      second.positions.every((position) => position >= last),
      'nothing before the place of the consumer',
    );
  });
}

test('integrations: given a revocation while the tracker is stopped, then the integration is out after the start', async (t) => {
  const tracker = await openTracker(t);
  const operator = await openOperator(t, tracker);
  const [gone, kept] = [
    await operator.add('gone', ['events:accounts']),
    await operator.add('kept', ['events:accounts']),
  ];
  const reading = await follow(t, gone, 'gone-accounts');
  await tracker.stop();
  await operator.revoke('gone');
  const again = await openTracker(t, { home: tracker.home, port: tracker.broker.port });
  await until(() => reading.hasEnded(), 'the integration is refused');
  await t.throwsAsync(follow(t, gone, 'gone-accounts'), { message: /Authorization Violation/i });
  await enter(t, again, 'Ann');
  const staying = await follow(t, kept, 'kept-accounts');
  await until(() => staying.positions.length >= 2, 'the other one reads');
});

test('integrations: given a broker that lost its files, then the consumer is made again and every event arrives in order', async (t) => {
  const tracker = await openTracker(t);
  const operator = await openOperator(t, tracker);
  const reader = await operator.add('reader', ['events:accounts']);
  await enter(t, tracker, 'Ann');
  const before = await follow(t, reader, 'reader-accounts');
  await until(() => before.positions.length >= 2, 'Ann’s events');
  await tracker.stop();
  await rm(join(tracker.home, 'broker', 'jetstream'), { recursive: true });
  const again = await openTracker(t, { home: tracker.home, port: tracker.broker.port });
  await enter(t, again, 'Ben');
  await until(() => before.positions.length >= 4, 'Ben’s events, on the same subscription');
  const { positions } = before;
  t.deepEqual(
    positions,
    positions.toSorted((one, other) => one - other),
  );
  t.is(new Set(positions).size, positions.length);
});

test('integrations: given rooms and a first position, then exactly the events in them arrive', async (t) => {
  const tracker = await openTracker(t);
  const operator = await openOperator(t, tracker);
  const ann = await enter(t, tracker, 'Ann');
  for (const name of ['lobby', 'attic', 'cellar'])
    await ann.command('chatroom', { operation: 'CREATE', name });
  // Version 2.9 of the broker accepts one room.
  const isOld = tracker.broker.version.startsWith('2.9.');
  const rooms = isOld ? ['#cellar'] : ['#lobby', '#cellar'];
  const narrow = await operator.add('narrow', ['events:rooms'], { rooms });
  const late = await operator.add('late', ['events:rooms'], { since: { kind: 'position', position: 4 } });
  const [narrowed, lately] = [await follow(t, narrow, 'narrow-rooms'), await follow(t, late, 'late-rooms')];
  await ann.command('chatroom', { operation: 'TOPIC', name: 'attic', topic: 'beams' });
  await ann.command('chatroom', { operation: 'TOPIC', name: 'cellar', topic: 'wine' });
  await until(() => narrowed.types.includes('partyline.TopicChanged'), 'the topic of the cellar');
  t.deepEqual(
    narrowed.types,
    [...rooms.map(() => 'RoomCreated'), 'TopicChanged'].map((type) => `partyline.${type}`),
  );
  await until(() => lately.types.length >= 4, 'the later events');
  t.deepEqual(
    lately.types,
    ['RoomCreated', 'RoomCreated', 'TopicChanged', 'TopicChanged'].map((type) => `partyline.${type}`),
  );
});
