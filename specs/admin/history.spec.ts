import test, { type ExecutionContext } from 'ava';
import { entryJson, entryText } from '../../admin/log/entry.js';
import { type HistoryQuery, readHistory } from '../../admin/log/history.js';
import { spanBetween, type Span } from '../../admin/moment.js';
import { createNames } from '../../admin/subject/names.js';
import { keepAliveSchedule } from '../../core/time/clock.js';
import type { LoggedEvent } from '../../core/events/event.js';
import { type TrackerFixture, openTrackerFixture } from '../actors/tracker-fixture.js';
import { append, event, START } from '../core/events/samples.js';
import { until } from '../support/until.js';
import { homeOf, live } from './histories.js';

const at = (time: number) => ({ kind: 'time', time }) as const;
const from = (position: number) => ({ kind: 'position', position }) as const;
const WHOLE: Span = { after: 0, upTo: Number.POSITIVE_INFINITY };

async function shown(
  t: ExecutionContext,
  fixture: TrackerFixture,
  query: Partial<HistoryQuery> = {},
): Promise<readonly LoggedEvent[]> {
  const { reader } = homeOf(t, fixture);
  const events: LoggedEvent[] = [];
  const whole = {
    span: WHOLE,
    follow: false,
    signal: new AbortController().signal,
    schedule: keepAliveSchedule,
    ...query,
  };
  for await (const event of readHistory(reader, whole)) events.push(event);
  return events;
}

test('log: given no filter, then every event is shown in order', async (t) => {
  const fixture = await openTrackerFixture(t);
  const events = Array.from({ length: 1_100 }, (_, count) => event(`Kind${count}`));
  await fixture.store.append(append('a-stream', 0, { events }));
  const all = await fixture.store.readAll({ fromPosition: 1, limit: 10_000 });
  t.deepEqual(await shown(t, fixture), all);
});

test('log: given filters, then only the events that match all of them are shown', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann] = await live(fixture, 2, 200);
  const all = await shown(t, fixture);
  const stream = all.find((event) => event.type === 'RoomCreated')?.stream;
  const account = ann?.account;
  if (stream === undefined || account === undefined) throw new Error('a history has rooms and people');
  const concerns = (event: LoggedEvent) =>
    event.metadata.account === account || Object.values(event.payload).includes(account);
  const [since, till] = [START + 40_000, START + 120_000];
  const { reader } = homeOf(t, fixture);
  const cases: readonly (readonly [Partial<HistoryQuery>, (event: LoggedEvent) => boolean])[] = [
    [{ stream }, (event) => event.stream === stream],
    [{ type: 'MemberJoined' }, (event) => event.type === 'MemberJoined'],
    [{ accounts: [account] }, concerns],
    [{ span: await spanBetween(reader, at(since), undefined) }, (event) => event.recordedAt >= since],
    [{ span: await spanBetween(reader, undefined, at(till)) }, (event) => event.recordedAt <= till],
    [{ span: await spanBetween(reader, from(30), undefined) }, (event) => event.position >= 30],
    [{ limit: 7 }, (event) => event.position <= 7],
    [
      {
        stream,
        type: 'MemberJoined',
        accounts: [account],
        span: await spanBetween(reader, at(since), at(till)),
      },
      (event) =>
        event.stream === stream &&
        event.type === 'MemberJoined' &&
        concerns(event) &&
        event.recordedAt >= since &&
        event.recordedAt <= till,
    ],
  ];
  for (const [query, fits] of cases) {
    t.deepEqual(await shown(t, fixture, query), all.filter(fits), JSON.stringify(query));
  }
});

test('log: given --follow, then new events are shown once and in order until it is stopped', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 3, 20);
  const stopping = new AbortController();
  const seen: LoggedEvent[] = [];
  const { reader } = homeOf(t, fixture);
  const following = (async () => {
    for await (const event of readHistory(reader, {
      span: WHOLE,
      follow: true,
      signal: stopping.signal,
      schedule: keepAliveSchedule,
    }))
      seen.push(event);
  })();
  const head = async () => (await fixture.store.head()).position;
  const before = await head();
  await until(() => seen.length === before, 'the existing events to be shown');
  for (let count = 0; count < 5; count += 1) await fixture.enrolled(`late-${count}`);
  const after = await head();
  await until(() => seen.length === after, 'the new events to be shown');
  stopping.abort();
  await following;
  t.deepEqual(
    seen.map(({ position }) => position),
    seen.map((_, index) => index + 1),
  );
});

test('log: given --follow with a filter and a limit, then only matching events are shown, up to the limit', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 4, 20);
  const first = (await fixture.store.head()).position + 1;
  const span = { after: first - 1, upTo: Number.POSITIVE_INFINITY };
  const following = shown(t, fixture, { type: 'AccountRegistered', span, limit: 2, follow: true });
  for (let count = 0; count < 3; count += 1) await fixture.enrolled(`late-${count}`);
  t.deepEqual(
    (await following).map(({ type, position }) => [type, position]),
    [
      ['AccountRegistered', first],
      ['AccountRegistered', first + 2],
    ],
  );
});

test('log: given a row that is not a valid event, then the error names its position', async (t) => {
  const fixture = await openTrackerFixture(t);
  await live(fixture, 5, 5);
  await fixture.writer.write((sql) =>
    sql.run("UPDATE events SET payload = CAST(x'ff' AS TEXT) WHERE position = 3"),
  );
  await t.throwsAsync(shown(t, fixture), { message: /position 3 / });
});

test('log: a line has the position, the time, the stream, the type, the actor’s name, the payload and the personal data', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const [event] = await shown(t, fixture);
  if (event === undefined) throw new Error('there is an event');
  const names = createNames(homeOf(t, fixture).reader);
  const line = await entryText(event, names);
  t.is(
    line,
    `       1  2026-01-01T00:00:00.000Z  ${event.stream} v1  AccountRegistered  by Ann  {"account":"${ann.account}"}  personal {"username":"Ann"}`,
  );
  t.regex(await entryText({ ...event, personal: null, salt: null }, names), / {2}personal redacted$/);
  const metadata = { ...event.metadata, account: null };
  t.regex(await entryText({ ...event, metadata }, names), /by the tracker/);
});

test('log: given control characters in an event, then the output contains none of them', async (t) => {
  const fixture = await openTrackerFixture(t);
  await fixture.enrolled('Ann');
  const [event] = await shown(t, fixture);
  if (event === undefined) throw new Error('there is an event');
  const nasty = { ...event, type: 'A\u001b[2J\u202eB\nC\u009bD', personal: { name: 'Ä\u0085\u200b' } };
  const names = createNames(homeOf(t, fixture).reader);
  t.notRegex(await entryText(nasty, names), /[\p{Cc}\u202e\u200b]/u);
  const json = await entryJson(nasty, names);
  t.regex(json, /^[\x20-\x7e]+$/);
  t.like(JSON.parse(json), { type: nasty.type, personal: nasty.personal, by: 'Ann' });
});

test('log: given an actor who was renamed later, then its events show the name that it had then', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Zoe' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'attic' });
  const names = createNames(homeOf(t, fixture).reader);
  const events = (await shown(t, fixture)).filter(({ type }) => type === 'RoomCreated');
  const lines = await Promise.all(events.map((event) => entryText(event, names)));
  t.deepEqual(
    lines.map((line) => / by (\w+) /.exec(line)?.[1]),
    ['Ann', 'Zoe'],
  );
});
