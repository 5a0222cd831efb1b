// Followers of the log that stopped at an event of a room continue when the operator quarantines the event.
import test, { type ExecutionContext } from 'ava';
import { watchQuarantines } from '../../../actors/metrics/quarantine.js';
import { runEventRelay } from '../../../actors/reactors/event-relay.js';
import { systemMetadata } from '../../../actors/system-command.js';
import { runNotifier } from '../../../actors/reactors/notifier.js';
import { cloudEvent, type RelayEnd } from '../../../core/bus/event-relay.js';
import { createSqlCheckpoints } from '../../../core/events/sql/checkpoints.js';
import { createSqlStoppedStreams } from '../../../core/events/sql/stopped-streams.js';
import type { JsonObject } from '../../../core/json.js';
import { systemIds } from '../../../core/ids.js';
import { silentLog } from '../../../core/log.js';
import { createMetrics } from '../../../core/metrics.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';
import {
  appendUnreadable,
  openScene as openQuarantineScene,
  unreadable,
} from '../../admin/quarantine/scene.js';
import { event } from '../../core/events/samples.js';
import { memoryStoppedStreams } from '../../core/events/stopped-streams.js';
import { until } from '../../support/until.js';
import { readNotice } from '../statements.js';

const UNKNOWN = event('SomethingNew', { payload: {} });

async function openScene(t: ExecutionContext) {
  const scene = await openQuarantineScene(t);
  const { database, writer, store } = scene;
  const stopping = new AbortController();
  const running: Promise<void>[] = [];
  // A follower must have ended before the database closes.
  t.teardown(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  const common = { store, log: silentLog, schedule: keepAliveSchedule, signal: stopping.signal };
  const stopped = createSqlStoppedStreams(database.reads, writer);
  const checkpoints = createSqlCheckpoints(database.reads, writer);
  return {
    ...scene,
    common,
    stopped,
    checkpoints,
    run: (follower: Promise<void>) => void running.push(follower),
  };
}

test('quarantine: the notifier continues a stopped room after the quarantine, and stops it again after the release', async (t) => {
  const scene = await openScene(t);
  const { fixture, common, stopped, checkpoints, run, streams, act, ask, ann, ben, signing } = scene;
  const position = await appendUnreadable(fixture, streams.room, UNKNOWN);
  const metadata = { ...systemMetadata(systemIds), command: null };
  const promotion = { schemaVersion: 2, payload: { account: ben.account }, metadata };
  await appendUnreadable(fixture, streams.room, event('AdminPromoted', promotion));
  const types: string[] = [];
  const { directory, presence } = fixture;
  run(
    runNotifier({
      ...common,
      stopped,
      checkpoints,
      directory,
      presence,
      signing,
      push: (_, notice) => {
        const { type, stream } = readNotice(signing, notice);
        if (stream === streams.room) types.push(type);
      },
    }),
  );
  await until(async () => (await stopped.load('notices')).length === 1, 'the room is stopped');
  t.like(await stopped.load('notices'), [{ stream: streams.room, position }]);
  t.false(types.includes('AdminPromoted'));

  await act(position);
  await until(async () => (await stopped.load('notices')).length === 0, 'the room continues');
  t.true(types.includes('AdminPromoted'), 'the notice that waited was sent');
  t.like(await ask.rooms(ann, { operation: 'TOPIC', name: 'attic', topic: 'again' }), {
    phrase: 'TOPIC_CHANGED_S',
  });
  await until(() => types.includes('TopicChanged'), 'the next notice');

  await act(position, { isRelease: true });
  await until(async () => (await stopped.load('notices')).length === 1, 'the room is stopped again');
  await until(
    async () => /does not know/.test((await stopped.load('notices'))[0]?.reason ?? ''),
    'the reason is that of the event',
  );
  t.like(await stopped.load('notices'), [{ stream: streams.room, position }]);
});

test('quarantine: the event relay fills the stream again with a message that names the gap', async (t) => {
  const { fixture, common, run, streams, act } = await openScene(t);
  const broken = unreadable['with a text that is not JSON']?.('room') ?? UNKNOWN;
  const position = await appendUnreadable(fixture, streams.room, broken);
  let messages: JsonObject[] = [];
  const end = (): RelayEnd | null => {
    const last = messages.at(-1);
    return last === undefined
      ? null
      : { position: Number(last['position']), hash: typeof last['hash'] === 'string' ? last['hash'] : '' };
  };
  run(
    runEventRelay({
      ...common,
      stopped: memoryStoppedStreams(),
      relay: {
        resume: async () => end(),
        require: () => undefined,
        publish: async (events) => void messages.push(...events.map(cloudEvent)),
        clear: async () => {
          messages = [];
        },
      },
      onStatus: () => () => undefined,
      retryMs: 1,
    }),
  );
  const positions = () => messages.map((message) => Number(message['position']));
  await until(() => messages.length === position - 1, 'all events before the broken one');
  await act(position);
  await until(() => messages.length === position + 1, 'all events');
  t.deepEqual(
    positions(),
    Array.from({ length: position + 1 }, (_, index) => index + 1),
  );
  t.like(messages[position - 1], {
    type: 'partyline.Quarantined',
    id: `${streams.room}/3`,
    data: { quarantinedby: String(position + 1) },
  });
  t.like(messages[position], { type: 'partyline.EventQuarantined', subject: `quarantine-${position}` });
});

test('quarantine: the readiness and the metric name a quarantined event without its reason', async (t) => {
  const { fixture, database, streams, act } = await openScene(t);
  const metrics = createMetrics();
  const check = watchQuarantines(database.reads, metrics);
  t.is(await check(), null);
  const position = await appendUnreadable(fixture, streams.room, UNKNOWN);
  await act(position);
  const named = `position ${position} in ${streams.room} (quarantined by position ${position + 1})`;
  t.deepEqual(await check(), { note: `events that are passed over: ${named}` });
  t.regex(await metrics.text(), /^partyline_quarantined_events 1$/m);
  await act(position, { isRelease: true });
  t.is(await check(), null);
});
