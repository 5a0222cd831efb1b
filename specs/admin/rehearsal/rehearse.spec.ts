import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { createLook } from '../../../admin/look.js';
import { rehearse } from '../../../admin/rehearsal/rehearse.js';
import { rehearsalError, rehearsalJson, rehearsalText } from '../../../admin/rehearsal/text.js';
import { noPaint } from '../../../admin/text/paint.js';
import { openTrackerFixture, type TrackerFixture } from '../../actors/tracker-fixture.js';
import { append, event } from '../../core/events/samples.js';
import { homeOf, moderated } from '../histories.js';

const END = Number.POSITIVE_INFINITY;
const DURATION_MS = 500;

async function rehearsed(t: ExecutionContext, fixture: TrackerFixture) {
  const { reader } = homeOf(t, fixture);
  const done = await rehearse(reader, END, () => undefined);
  const lines = await rehearsalText(done, DURATION_MS, createLook(reader).names, noPaint);
  return { done, text: lines.join('\n'), json: JSON.parse(rehearsalJson(done, DURATION_MS)) as unknown };
}

/** Changes stored rows, as an older version or a damage would have left them. */
function change(
  { file }: TrackerFixture,
  statement: string,
  values: readonly (string | number)[] = [],
): void {
  const connection = new Libsql(file);
  connection.prepare(statement).run([...values]);
  connection.close();
}

/** Ann leads the lobby, Ben is a member, and Ann steps down. */
async function lobby(t: ExecutionContext): Promise<TrackerFixture> {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.rooms(ann, { operation: 'DEMOTE', name: 'lobby', username: 'Ann' });
  await fixture.ask.rooms(ann, { operation: 'TOPIC', name: 'lobby', topic: 'weather' });
  await fixture.ask.rooms(ben, { operation: 'TOPIC', name: 'lobby', topic: 'weather' });
  return fixture;
}

for (const seed of [31, 32, 33]) {
  test(`rehearse: given the random history ${seed}, then each command comes out as stored`, async (t) => {
    const fixture = await openTrackerFixture(t);
    await moderated(fixture, seed, 150);
    const events = await fixture.store.readAll({ fromPosition: 1, limit: 10_000 });
    const { done } = await rehearsed(t, fixture);
    t.deepEqual(done, {
      events: events.length,
      streams: new Set(events.map(({ stream }) => stream)).size,
      commands: new Set(events.map(({ metadata }) => metadata.commandId)).size,
      eventsWithoutCommand: 0,
      eventsSkipped: 0,
      mismatches: 0,
      first: [],
    });
    t.is(rehearsalError(done), null);
    t.true(events.length > 40);
  });
}

test('rehearse: given a stored event that this version decides otherwise, then the first difference shows both sides', async (t) => {
  const fixture = await lobby(t);
  // Positions 1 to 4 register both accounts, 5 and 6 fill the room, 7 and 8 are the demotion and the succession.
  const { text: before } = await rehearsed(t, fixture);
  t.regex(before, /^events +9 of 3 rooms and accounts, all applied\ncommands +6 decided again, 0 different/);
  change(
    fixture,
    `UPDATE events SET payload = json_set(payload, '$.because', 'left') WHERE type = 'AdminSucceeded'`,
  );
  const { done, text, json } = await rehearsed(t, fixture);
  t.is(done.mismatches, 1);
  t.like(done.first[0], { position: 7, version: 3, command: { type: 'DemoteAdmin' } });
  t.is(
    text.split('\n\n')[0]?.replace(/^(position 7) .* #lobby/, '$1 #lobby'),
    [
      'position 7 #lobby v3  DemoteAdmin by @Ann',
      '  stored    AdminDemoted  account @Ann',
      '            AdminSucceeded  account @Ben, after @Ann, because left',
      '  now       AdminDemoted  account @Ann',
      '            AdminSucceeded  account @Ben, after @Ann, because steppedDown',
    ].join('\n'),
  );
  t.like(json, { format: 'rehearsal/1', mismatches: 1, eventsPerSecond: 18 });
  t.regex(rehearsalError(done)?.message ?? '', /first at position 7$/);
});

test('rehearse: given a command that this version refuses, then the reason is shown, and the log is followed as stored', async (t) => {
  const fixture = await lobby(t);
  change(
    fixture,
    `UPDATE events SET metadata = json_set(metadata, '$.command.account', json_extract(metadata, '$.command.target'),
      '$.command.target', NULL) WHERE type IN ('AdminDemoted', 'AdminSucceeded')`,
  );
  change(
    fixture,
    `UPDATE events SET metadata = json_set(metadata, '$.command.account', ?) WHERE type = 'MemberJoined'`,
    ['0'.repeat(26)],
  );
  const { done, text } = await rehearsed(t, fixture);
  t.deepEqual(
    done.first.map(({ position, now }) => [position, now.kind]),
    [
      [6, 'recorded'],
      [7, 'refused'],
    ],
  );
  t.regex(text, /now +refused: USER_NOT_A_MEMBER/);
  t.regex(text, /commands +6 decided again, 2 different/);
});

test('rehearse: given events without a recorded command, then they are applied and counted', async (t) => {
  const fixture = await lobby(t);
  change(
    fixture,
    `UPDATE events SET metadata = json_set(metadata, '$.command', NULL) WHERE position IN (7, 8)`,
  );
  const { done, text } = await rehearsed(t, fixture);
  t.like(done, { commands: 5, eventsWithoutCommand: 2, mismatches: 0 });
  t.regex(text, /no command +2 events, only applied/);
});

test('rehearse: given events and commands of the first version, then the present machines give the same', async (t) => {
  const fixture = await lobby(t);
  change(
    fixture,
    `UPDATE events SET schema_version = 1, payload = json_remove(payload, '$.isPrivate'),
      metadata = json_remove(metadata, '$.command.isPrivate') WHERE type = 'RoomCreated'`,
  );
  t.like((await rehearsed(t, fixture)).done, { commands: 6, mismatches: 0 });
});

test('rehearse: given an event that cannot be applied, then only its room or account stops, and it is named', async (t) => {
  const fixture = await lobby(t);
  change(
    fixture,
    `UPDATE events SET type = 'Vanished', metadata = json_set(metadata, '$.command', NULL) WHERE position = 6`,
  );
  await fixture.store.append(append('planet-01ARZ3NDEKTSV4RRFFQ69G5FAV', 0, { events: [event('Born')] }));
  const { done, text } = await rehearsed(t, fixture);
  t.deepEqual(
    done.first.map(({ position, now }) => [position, now.kind]),
    [
      [6, 'unreadable'],
      [10, 'unreadable'],
    ],
  );
  // The room has three events after the one that vanished.
  t.like(done, { events: 10, eventsSkipped: 3, mismatches: 2 });
  t.regex(text, /now +cannot be applied: .*Vanished/);
  t.regex(text, /now +cannot be applied: this version has no machine for it/);
  t.regex(text, /, 3 not checked/);
});

test('rehearse: given a payload or metadata that are not JSON, then only their own stream stops', async (t) => {
  const fixture = await lobby(t);
  change(fixture, `UPDATE events SET payload = 'x' WHERE position = 6`);
  change(fixture, `UPDATE events SET metadata = '[]' WHERE position = 3`);
  const { done } = await rehearsed(t, fixture);
  t.deepEqual(
    done.first.map(({ position, now }) => [position, now.kind]),
    [
      [3, 'unreadable'],
      [6, 'unreadable'],
    ],
  );
});

test('rehearse: given two requests with one id and the same content, then both are decided', async (t) => {
  const fixture = await lobby(t);
  const [first] = await fixture.store.readAll({ fromPosition: 7, limit: 1 });
  const topic = { ...event('TopicChanged'), ...(await topicOf(fixture)) };
  await fixture.store.append(append(first?.stream ?? '', 5, { events: [topic, topic] }));
  t.like((await rehearsed(t, fixture)).done, { events: 11, commands: 7, mismatches: 0 });
});

async function topicOf({ store }: TrackerFixture) {
  const events = await store.readAll({ fromPosition: 1, limit: 100 });
  const last = events.findLast(({ type }) => type === 'TopicChanged');
  if (last === undefined) throw new Error('no topic was changed');
  const { payload, personal, metadata } = last;
  return { payload, personal, metadata: { ...metadata, commandId: `${metadata.commandId}2` } };
}
