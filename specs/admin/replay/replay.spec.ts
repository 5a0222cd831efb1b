import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { createLook } from '../../../admin/look.js';
import { createPace, parseSpeed } from '../../../admin/replay/pace.js';
import { createReplay } from '../../../admin/replay/replay.js';
import {
  replayedJson,
  replayedText,
  replayError,
  summaryJson,
  summaryText,
} from '../../../admin/replay/text.js';
import { startReplay } from '../../../actors/host.js';
import { openUntouchedReader } from '../../../core/events/sql/untouched.js';
import type { Step } from '../../../admin/log/steps.js';
import type { Span } from '../../../admin/moment.js';
import { openTrackerFixture, type TrackerFixture } from '../../actors/tracker-fixture.js';
import { append, event } from '../../core/events/samples.js';
import { temporaryFolder } from '../../support/folder.js';
import { createTime } from '../../support/time.js';
import { homeOf, moderated } from '../histories.js';
import { isApplicable } from '../../../core/events/event.js';

const WHOLE: Span = { after: 0, upTo: Number.POSITIVE_INFINITY };

/** A copy of the fixture's database that nobody has open. */
async function copyOf(t: ExecutionContext, { file }: TrackerFixture) {
  const copy = join(await temporaryFolder(t), 'tracker.db');
  const source = new Libsql(file);
  source.prepare('VACUUM INTO ?').run([copy]);
  source.close();
  const reader = openUntouchedReader(copy);
  t.teardown(() => reader.close());
  return { copy, look: createLook(reader) };
}

type Look = ReturnType<typeof createLook>;

/** The complete output of a replay, as text and as JSON. */
async function output(look: Look, stream: string | null = null, span: Span = WHOLE): Promise<string> {
  const replay = createReplay(look, stream, span);
  const lines: string[] = [];
  for await (const slice of replay.slices()) {
    for (const one of slice) lines.push(await replayedText(one, look.names), replayedJson(one));
  }
  return [...lines, summaryJson(replay.summary())].join('\n');
}

for (const seed of [21, 22]) {
  test(`replay: given the random history ${seed}, then twice and on two copies its output is the same, byte for byte`, async (t) => {
    const fixture = await openTrackerFixture(t);
    await moderated(fixture, seed, 100);
    const [one, other] = [await copyOf(t, fixture), await copyOf(t, fixture)];
    const first = await output(one.look);
    t.is(await output(one.look), first);
    t.is(await output(other.look), first);
    const third = join(await temporaryFolder(t), 'tracker.db');
    await copyFile(one.copy, third);
    const reader = openUntouchedReader(third);
    t.teardown(() => reader.close());
    t.is(await output(createLook(reader)), first);
    const { position: events } = await fixture.store.head();
    t.is(first.split('\n').length, 2 * events + 1);
    t.true(events > 20);
  });

  test(`replay: given the random history ${seed}, then each state is that of the machine, also from the middle of the log`, async (t) => {
    const fixture = await openTrackerFixture(t);
    await moderated(fixture, seed, 100);
    const events = (await fixture.store.readAll({ fromPosition: 1, limit: 10_000 })).filter(isApplicable);
    const look = createLook(homeOf(t, fixture).reader);
    const expected = new Map<number, unknown>();
    const replays = new Map<string, ReturnType<typeof startReplay>>();
    for (const one of events) {
      const machine =
        replays.get(one.stream) ?? startReplay(one.stream, one.stream.startsWith('room') ? 2 : 3);
      replays.set(one.stream, machine);
      machine?.next(one);
      expected.set(one.position, JSON.parse(JSON.stringify(machine?.state())));
    }
    const middle = Math.floor(events.length / 2);
    const stream = events.findLast(({ type }) => type === 'RoomCreated')?.stream ?? '';
    const parts: readonly (readonly [string | null, Span, (one: (typeof events)[number]) => boolean])[] = [
      [null, WHOLE, () => true],
      [null, { after: middle, upTo: Number.POSITIVE_INFINITY }, ({ position }) => position > middle],
      [null, { after: 3, upTo: middle }, ({ position }) => position > 3 && position <= middle],
      [stream, WHOLE, (one) => one.stream === stream],
      [
        stream,
        { after: middle, upTo: events.length - 1 },
        (one) => one.stream === stream && one.position > middle && one.position < events.length,
      ],
    ];
    for (const [only, span, isMeant] of parts) {
      const replay = createReplay(look, only, span);
      const seen: number[] = [];
      for await (const slice of replay.slices()) {
        for (const one of slice) {
          seen.push(one.step.position);
          t.like(JSON.parse(replayedJson(one)), {
            format: 'step/1',
            position: one.step.position,
            state: expected.get(one.step.position) as Record<string, unknown>,
          });
        }
      }
      t.deepEqual(
        seen,
        events.filter(isMeant).map(({ position }) => position),
      );
      t.is(replay.summary().events, seen.length);
    }
  });
}

test('replay: a line has the names of that moment, the payload, and the state that the event leads to', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Zoe' });
  const lines = (await output(createLook(homeOf(t, fixture).reader))).split('\n');
  t.regex(
    lines[0] ?? '',
    /^ +1 {2}2026-01-01T00:00:00.000Z {2}@Ann v1 {2}AccountRegistered {2}account @Ann {2}=> active\.clear, 0 devices$/,
  );
  t.regex(
    lines[4] ?? '',
    / #lobby v1 {2}RoomCreated {2}account @Ann, isPrivate false {2}=> open\.attended, 1 member, led by @Ann$/,
  );
  t.regex(
    lines[6] ?? '',
    / @Zoe v3 {2}UsernameChanged {2}account @Zoe, heldUntil 2026-01-31T00:00:00.000Z {2}=> active\.clear, 1 device$/,
  );
});

test('replay: given events that cannot be applied, then only their rooms and accounts stop, and they are named', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  const look = createLook(homeOf(t, fixture).reader);
  await fixture.store.append(append('planet-01ARZ3NDEKTSV4RRFFQ69G5FAV', 0, { events: [event('Born')] }));
  const stream = `account-${ann.account}`;
  await fixture.store.append(append(stream, 2, { events: [event('Vanished')] }));
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Bob' });
  const undone = new Libsql(fixture.file);
  undone.prepare("UPDATE events SET payload = 'x' WHERE position = 7").run([]);
  undone.close();
  for (const only of [null, stream, `account-${ben.account}`]) {
    const replay = createReplay(look, only, WHOLE);
    for await (const _ of replay.slices());
    const summary = replay.summary();
    const expected = [
      { stream: 'planet-01ARZ3NDEKTSV4RRFFQ69G5FAV', position: 5 },
      { stream, position: 6 },
      { stream: `account-${ben.account}`, position: 7 },
    ].filter((one) => only === null || one.stream === only);
    t.deepEqual(
      summary.stopped.map((one) => ({ stream: one.stream, position: one.position })),
      expected,
    );
    t.is(summary.events, only === null ? 4 : 2);
    t.regex(replayError(summary)?.message ?? '', new RegExp(`position ${expected[0]?.position} in `));
    const lines = await summaryText(summary, look.names);
    t.is(lines.length, expected.length + 1);
    t.regex(lines[0] ?? '', /^stopped .* at position \d: .*; events not applied: 1$/);
  }
  const whole = createReplay(look, null, WHOLE);
  for await (const _ of whole.slices());
  t.deepEqual(
    whole.summary().stopped.map(({ reason }) => reason),
    [
      'this version has no machine for it',
      '"Vanished" is not a domain event of account',
      'its payload is not a JSON object',
    ],
  );
});

for (const [text, expected] of [
  ['max', Number.POSITIVE_INFINITY],
  ['1x', 1],
  ['10x', 10],
  ['0.5x', 0.5],
  ['0x', null],
  ['-1x', null],
  ['x', null],
  ['10', null],
] as const) {
  test(`replay: the speed "${text}" is ${expected}`, (t) => {
    t.is(parseSpeed(text), expected);
  });
}

const stepAt = (recordedAt: number): Step => ({
  position: 1,
  stream: 'room-1',
  version: 1,
  type: 'RoomClosed',
  schemaVersion: 1,
  recordedAt,
  payload: {},
});

test('replay: given a speed, then the pauses of the log are divided by it; a clock that was set back gives none', async (t) => {
  const time = createTime();
  const pace = createPace(10, time.schedule, new AbortController().signal);
  await pace(stepAt(50_000));
  t.is(time.pending(), 0);
  const waiting = pace(stepAt(60_000));
  await time.pass(999);
  t.is(time.pending(), 1);
  await time.pass(1);
  await waiting;
  await pace(stepAt(40_000));
  t.is(time.pending(), 0);
});
