// The commands that look at single moments: show, who-led, diff and trace. For random histories, every position is compared with
// the states of the actors' machines.
import test, { type ExecutionContext } from 'ava';
import { diffAll, diffSubject } from '../../admin/diff/diff.js';
import { diffText } from '../../admin/diff/text.js';
import { createLook, type Look } from '../../admin/look.js';
import { showAccount } from '../../admin/show/account.js';
import { showRoom } from '../../admin/show/room.js';
import { shownText } from '../../admin/show/text.js';
import { subjectOf } from '../../admin/subject/subject.js';
import { readTimeline, timelineText } from '../../admin/succession/timeline.js';
import { noPaint } from '../../admin/text/paint.js';
import { traceText } from '../../admin/trace/text.js';
import { readTrace } from '../../admin/trace/trace.js';
import { startReplay } from '../../actors/host.js';
import { addressOf } from '../../core/actor/aggregate.js';
import { persisted } from '../../core/actor/snapshot.js';
import { OperatorError } from '../../core/errors.js';
import { isApplicable, type RecordedEvent } from '../../core/events/event.js';
import { openTrackerFixture, type TrackerFixture } from '../actors/tracker-fixture.js';
import { homeOf, moderated } from './histories.js';

const MACHINE_VERSIONS = { account: 3, room: 2 } as const;

interface Known {
  readonly fixture: TrackerFixture;
  readonly look: Look;
  readonly events: readonly RecordedEvent[];
}

async function history(t: ExecutionContext, seed: number, steps: number): Promise<Known> {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, seed, steps);
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 10_000 })).filter(isApplicable);
  return { fixture, look: createLook(homeOf(t, fixture).reader), events };
}

const pointAt = ({ look }: Known, position: number) => look.pointAt({ kind: 'position', position });

function subjectNamed(events: readonly RecordedEvent[], type: string, name: string) {
  const event = events.find((one) => one.type === type && Object.values(one.personal ?? {}).includes(name));
  const address = event && addressOf(event.stream);
  if (!address) throw new Error(`there is no ${name}`);
  return subjectOf(address.kind === 'room' ? 'room' : 'account', address.id);
}

/** Ann creates a room; Ben and Cat join; Ann promotes Ben, removes and bans Cat; Ann leaves; Ben is renamed. */
async function incident(t: ExecutionContext) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
  ];
  const ask = async (caller: typeof ann, operation: Parameters<typeof fixture.ask.rooms>[1]) => {
    fixture.clock.advance(1_000);
    return fixture.ask.rooms(caller, operation);
  };
  await ask(ann, { operation: 'CREATE', name: 'lobby' });
  await ask(ben, { operation: 'JOIN', name: 'lobby' });
  await ask(cat, { operation: 'JOIN', name: 'lobby' });
  await ask(ann, { operation: 'TOPIC', name: 'lobby', topic: 'Tea at five' });
  await ask(ann, { operation: 'PROMOTE', name: 'lobby', username: 'Ben' });
  await ask(ann, { operation: 'BAN', name: 'lobby', username: 'Cat', reason: 'too loud' });
  await ask(ann, { operation: 'QUIT', name: 'lobby' });
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Bob' });
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 100 })).filter(isApplicable);
  const known = { fixture, look: createLook(homeOf(t, fixture).reader), events };
  return { ...known, lobby: subjectNamed(events, 'RoomCreated', 'lobby'), ann, ben, cat };
}

test('show: a room has its members in join order, its admins with their events, the next admin, bans, topic and attendance', async (t) => {
  const known = await incident(t);
  const { look, lobby, ann, ben, cat, events } = known;
  const positionOf = (type: string) => events.find((event) => event.type === type)?.position ?? 0;
  const before = await showRoom(look, lobby, await pointAt(known, positionOf('AdminPromoted')));
  t.like(before, {
    name: 'lobby',
    state: 'open',
    isPrivate: false,
    unattended: null,
    banned: [],
    invited: [],
  });
  t.deepEqual(
    before.members.map(({ account, isAdmin }) => [account, isAdmin]),
    [
      [ann.account, true],
      [ben.account, true],
      [cat.account, false],
    ],
  );
  t.like(before.topic, { text: 'Tea at five', by: { name: 'Ann' } });
  t.like(before.next, { name: 'Cat', rule: 'longestStanding' });
  t.like(before.admins[1], { name: 'Ben', nameNow: 'Bob', event: 'AdminPromoted', by: { name: 'Ann' } });
  const after = await showRoom(look, lobby, await look.pointAt());
  t.deepEqual(
    after.members.map(({ account }) => account),
    [ben.account],
  );
  t.like(after.banned[0], { name: 'Cat', reason: 'too loud', by: { name: 'Ann' } });
  t.is(after.next, null);
  const text = shownText(before, await look.end(), noPaint).join('\n');
  t.regex(text, /^#lobby {2}room-/);
  t.regex(
    text,
    /leads +@Ann +position \d+, \S+ +created the room\n +@Ben \(now @Bob\) .* promoted by @Ann\n/,
  );
  t.regex(text, /next +once the last of 2 admins goes: @Cat, the longest-standing member\n/);
  t.regex(shownText(after, await look.end(), noPaint).join('\n'), /banned +@Cat .* by @Ann {2}too loud/);
});

test('show: an account has its names with their times, its devices and its rooms, and is unknown before its first event', async (t) => {
  const known = await incident(t);
  const { look, ben } = known;
  const subject = subjectOf('account', ben.account);
  const now = await showAccount(look, subject, await look.pointAt());
  t.like(now, { name: 'Bob', state: 'active', disabled: null, throttled: null });
  t.deepEqual(
    now.names.map(({ name, until }) => [name, until === null]),
    [
      ['Ben', false],
      ['Bob', true],
    ],
  );
  t.like(now.devices[0], { device: ben.device, name: 'desk' });
  t.like(now.rooms[0], { name: 'lobby', isAdmin: true });
  const text = shownText(now, await look.end(), noPaint).join('\n');
  t.regex(text, /names +@Ben +position \d+, \S+ +until position \d+, \S+\n +@Bob /);
  t.like(await showAccount(look, subject, await pointAt(known, 0)), {
    state: 'unregistered',
    name: null,
    rooms: [],
  });
});

test('who-led: the timeline has who led, from when to when, and why it ended', async (t) => {
  const { look, lobby } = await incident(t);
  const timeline = await readTimeline(look, lobby, await look.pointAt());
  t.deepEqual(
    timeline.tenures.map(({ name, event, ending }) => [name, event, ending?.event ?? null]),
    [
      ['Ann', 'RoomCreated', 'MemberLeft'],
      ['Ben', 'AdminPromoted', null],
    ],
  );
  const text = timelineText(timeline, noPaint).join('\n');
  t.regex(text, /@Ann +created the room +left\n/);
  t.regex(text, /@Ben \(now @Bob\) +promoted by @Ann +leads$/);
});

test('trace: from an event, its command and all events and effects of the same request are a tree', async (t) => {
  const { fixture, look, events, ann } = await incident(t);
  await fixture.ask.rooms(ann, { operation: 'JOIN', name: 'lobby' });
  const left = events.find(({ type }) => type === 'MemberLeft');
  if (left === undefined) throw new Error('Ann left');
  // Metadata as a reactor's command has it: the event is its cause, and the correlation is that of the event.
  const effect = { ...left.metadata, commandId: 'effect', causationId: `${left.stream}/${left.version}` };
  const stream = `account-${ann.account}`;
  await fixture.store.append({
    stream,
    expectedVersion: (await fixture.store.readStream(stream, { fromVersion: 1, limit: 10 })).length,
    expectedQuarantineChange: 0,
    events: [
      {
        type: 'PasswordChanged',
        schemaVersion: 1,
        payload: { account: ann.account },
        personal: null,
        metadata: effect,
      },
    ],
    reservations: [],
    secrets: [],
    receipts: [],
  });
  for (const id of [
    String(left.position),
    `${left.stream}/${left.version}`,
    left.metadata.commandId,
    left.metadata.correlationId,
  ]) {
    const trace = await readTrace(look, id);
    t.is(trace.commands.length, 1);
    t.like(trace.commands[0], { type: 'LeaveRoom', by: { name: 'Ann' } });
    t.like(trace.commands[0]?.events[0], { type: 'MemberLeft', subject: '#lobby' });
    t.like(trace.commands[0]?.events[0]?.effects[0], { commandId: 'effect' });
    t.like(trace.commands[0]?.events[0]?.effects[0]?.events[0], { type: 'PasswordChanged', subject: '@Ann' });
    const text = (await traceText(trace, look.names, noPaint)).join('\n');
    t.regex(
      text,
      /\nLeaveRoom by @Ann .*\n└─ \d+ .* MemberLeft {2}account @Ann\n {3}└─ .*\n {6}└─ .* PasswordChanged /,
    );
  }
  for (const id of ['0', '999', 'room-x/1', 'none', "' OR 1=1"]) {
    await t.throwsAsync(readTrace(look, id), {
      instanceOf: OperatorError,
      message: `the log has no event of ${id}`,
    });
  }
});

const SEEDS = [11, 12, 13];

for (const seed of SEEDS) {
  test(`state: given the random history ${seed}, then at every position it is that of a replay, and each entry names its event`, async (t) => {
    const known = await history(t, seed, 120);
    const streams = new Set(known.events.map(({ stream }) => stream));
    for (const stream of streams) {
      const kind = addressOf(stream)?.kind === 'room' ? 'room' : 'account';
      const replay = startReplay(stream, MACHINE_VERSIONS[kind]);
      for (const event of known.events.filter((one) => one.stream === stream)) {
        replay?.next(event);
        const state = await known.look.states[kind](stream, event.position);
        t.deepEqual(persisted(state.snapshot), replay?.state());
        t.is(state.version, event.version);
        const { members = [], admins = [] } = state.sources.lists;
        for (const [place, position] of [...members, ...admins].entries()) {
          const source = known.events[position - 1];
          t.true(
            ['RoomCreated', 'MemberJoined', 'AdminPromoted', 'AdminSucceeded'].includes(source?.type ?? ''),
          );
          const context = state.snapshot.context;
          if (!('members' in context)) throw new Error('only rooms have members');
          t.is(source?.payload['account'], [...context.members, ...context.admins][place]);
        }
      }
    }
  });

  test(`who-led: given the random history ${seed}, then at every position those lead whose time as an admin it is`, async (t) => {
    const known = await history(t, seed, 120);
    const rooms = known.events.filter(({ type }) => type === 'RoomCreated');
    for (const { stream } of rooms) {
      const subject = subjectOf('room', addressOf(stream)?.id ?? '');
      const { tenures } = await readTimeline(known.look, subject, await known.look.pointAt());
      for (const { position } of known.events.filter((event) => event.stream === stream)) {
        const { snapshot } = await known.look.states.room(stream, position);
        const leading = tenures.filter(
          ({ from, until }) =>
            from.position <= position && position < (until?.position ?? Number.POSITIVE_INFINITY),
        );
        t.deepEqual(
          new Set(leading.map(({ account }) => account)),
          new Set<string>(snapshot.matches('closed') ? [] : snapshot.context.admins),
          `${stream} at ${position}`,
        );
      }
    }
  });

  test(`diff: given the random history ${seed}, then the differences lead from each moment to the other, and back`, async (t) => {
    const known = await history(t, seed, 80);
    const { look, events } = known;
    const end = events.length;
    for (const [from, to] of [
      [0, end],
      [Math.floor(end / 3), end],
      [Math.floor(end / 2), Math.floor(end / 2)],
    ] as const) {
      const diffs = [];
      for await (const diff of diffAll(look, from, to)) diffs.push(diff);
      const touched = new Set(events.slice(from, to).map(({ stream }) => stream));
      t.true(diffs.every(({ id }) => touched.has(id)));
      for (const stream of touched) {
        const diff = await diffSubject(look, stream, from, to);
        const back = await diffSubject(look, stream, to, from);
        t.deepEqual(
          new Set(back.changes.map(({ fact, from: old, to: next }) => `${fact} ${next} ${old}`)),
          new Set(diff.changes.map(({ fact, from: old, to: next }) => `${fact} ${old} ${next}`)),
        );
        const kind = addressOf(stream)?.kind === 'room' ? 'room' : 'account';
        const [old, next] = [await look.states[kind](stream, from), await look.states[kind](stream, to)];
        if (!('members' in old.snapshot.context) || !('members' in next.snapshot.context)) continue;
        const members = new Set<string | null>(old.snapshot.context.members);
        for (const change of diff.changes.filter(({ fact }) => fact === 'members')) {
          if (change.change === 'added') members.add(change.to);
          else members.delete(change.from);
          t.true(change.event.position > from && change.event.position <= to);
        }
        t.deepEqual(members, new Set<string | null>(next.snapshot.context.members));
      }
    }
  });
}

test('diff: the text names each fact that differs with the event that changed it', async (t) => {
  const { look, lobby, events } = await incident(t);
  const joined = events.findLast(({ type }) => type === 'MemberJoined')?.position ?? 0;
  const diff = await diffSubject(look, lobby.stream, joined, events.length);
  const text = (await diffText(look, diff, events.length, noPaint)).join('\n');
  t.regex(text, /^#lobby {2}room-\S+, events: 4\n/);
  t.regex(text, /~ topic +none -> Tea at five +\d+ +\S+ +TopicChanged/);
  t.regex(text, /\+ admins +@Bob +\d+ +\S+ +AdminPromoted/);
  t.regex(text, /- members +@Cat +\d+ +\S+ +MemberBanned/);
  t.regex(text, /\+ banned +@Cat /);
  t.is((await diffText(look, await diffSubject(look, lobby.stream, 3, 3), 3, noPaint))[1], '  no difference');
});
