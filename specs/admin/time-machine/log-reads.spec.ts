// The reads of the time machine on a random history: each scene, timeline and jump is compared with the events themselves and with
// `admin show`.
import test, { type ExecutionContext } from 'ava';
import { createLook } from '../../../admin/look.js';
import { showAccount } from '../../../admin/show/account.js';
import { showRoom } from '../../../admin/show/room.js';
import { type Subject, subjectOf } from '../../../admin/subject/subject.js';
import { createLogReads } from '../../../admin/time-machine/log/log-reads.js';
import type { Direction, Scene, SceneRequest, Target, Timeline } from '../../../admin/time-machine/reads.js';
import { addressOf } from '../../../core/actor/aggregate.js';
import { isApplicable, type RecordedEvent } from '../../../core/events/event.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { homeOf, moderated } from '../histories.js';

const { signal } = new AbortController();

async function history(t: ExecutionContext, seed: number, steps: number) {
  const fixture = await openTrackerFixture(t);
  await moderated(fixture, seed, steps);
  const events = (await fixture.store.readAll({ fromPosition: 1, limit: 10_000 })).filter(isApplicable);
  const { reader } = homeOf(t, fixture);
  return { fixture, events, look: createLook(reader), reads: createLogReads(reader, null) };
}

type History = Awaited<ReturnType<typeof history>>;

const request = (position: number, wishes: Partial<SceneRequest> = {}): SceneRequest => ({
  position,
  list: 'room',
  chosen: null,
  fallback: null,
  other: null,
  listRows: 100,
  eventRows: 7,
  signal,
  ...wishes,
});

async function sceneOf({ reads }: History, asked: SceneRequest): Promise<Scene> {
  let last: Scene | null = null;
  for await (const scene of reads.scene(asked)) last = scene;
  if (last === null) throw new Error('there is no scene');
  return last;
}

function subjectOfStream(stream: string): Subject {
  const address = addressOf(stream);
  if (address === null) throw new Error(`${stream} is no stream`);
  return subjectOf(address.kind === 'room' ? 'room' : 'account', address.id);
}

test('time machine: at every position of a random history, the scene is what show and the log say', async (t) => {
  const known = await history(t, 5, 70);
  const { events, look } = known;
  for (let position = 0; position <= events.length; position += 1) {
    const at = await look.pointAt({ kind: 'position', position });
    const rooms = await sceneOf(known, request(position));
    const event = events[position - 1];
    t.is(rooms.event?.type, event?.type);
    t.is(rooms.pauseMs, pauseAfter(events, position));
    t.true(rooms.neighbours.length <= 8);
    t.is(
      position === 0 || rooms.neighbours.some((one) => one.position === position),
      true,
      `neighbours of ${position}`,
    );
    if (rooms.subject !== null) {
      const show = rooms.subject.kind === 'room' ? showRoom : showAccount;
      t.deepEqual(rooms.shown, await show(look, rooms.subject, at));
    }
    const open = [];
    for (const stream of new Set(events.map((one) => one.stream).filter((one) => one.startsWith('room-')))) {
      const room = await showRoom(look, subjectOfStream(stream), at);
      if (room.state === 'open') open.push(room);
    }
    t.deepEqual(
      rooms.list.lines.map((line) => [
        line.subject.stream,
        line.name,
        'members' in line ? line.members : null,
      ]),
      open.map(({ id, name, members }) => [id, `#${name ?? ''}`, members.length]),
      `rooms at ${position}`,
    );
    const accounts = await sceneOf(known, request(position, { list: 'account' }));
    for (const line of accounts.list.lines) {
      const account = await showAccount(look, line.subject, at);
      t.is(line.name, `@${account.name ?? ''}`);
      t.deepEqual('state' in line ? line.state : null, {
        terminals: account.devices.length,
        isDisabled: false,
      });
    }
  }
});

function pauseAfter(events: readonly RecordedEvent[], position: number): number | null {
  const [event, next] = [events[position - 1], events[position]];
  if (next === undefined) return null;
  return Math.max(0, next.recordedAt - (event?.recordedAt ?? next.recordedAt));
}

const membersOf = (scene: Scene | undefined) =>
  scene?.list.lines.map((line) => ('members' in line ? line.members : null));

test('time machine: the first scene needs no state, and has the same members as the last', async (t) => {
  const known = await history(t, 6, 60);
  const scenes: Scene[] = [];
  for await (const scene of known.reads.scene(request(known.events.length))) scenes.push(scene);
  t.is(scenes.length, 3);
  t.deepEqual(membersOf(scenes[0]), membersOf(scenes[2]));
  t.is(scenes[0]?.shown, null);
  t.not(scenes[1]?.shown, null);
  t.true(scenes[2]?.list.lines.every((line) => 'leader' in line && line.leader !== null));
});

test('time machine: a list has the selected subject among its rows, however long it is', async (t) => {
  const known = await history(t, 7, 40);
  const end = known.events.length;
  const all = (await sceneOf(known, request(end, { list: 'account' }))).list.lines;
  t.true(all.length > 3);
  for (const { subject } of all) {
    const { list } = await sceneOf(known, request(end, { list: 'account', chosen: subject, listRows: 3 }));
    t.is(list.lines.length, 3);
    t.is(list.total, all.length);
    t.true(list.lines.some((line) => line.subject.stream === subject.stream));
    t.deepEqual(
      list.lines.map((line) => line.name),
      all.slice(list.first, list.first + 3).map((line) => line.name),
    );
  }
});

const byText = (one: string, other: string): number => (one < other ? -1 : 1);

test('time machine: given a log that grows, then its new rooms and accounts are listed, and its closed rooms are not', async (t) => {
  const known = await history(t, 11, 50);
  const { fixture } = known;
  const early = known.events.length;
  await sceneOf(known, request(Math.floor(early / 2)));
  const ann = await fixture.enrolled('Ann');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'garden' });
  const namesAt = async (position: number, list: 'room' | 'account') =>
    (await sceneOf(known, request(position, { list }))).list.lines.map(({ name }) => name);
  const end = await known.reads.end();
  t.true((await namesAt(end, 'room')).includes('#garden'));
  t.true((await namesAt(end, 'account')).includes('@Ann'));
  t.false((await namesAt(early, 'account')).includes('@Ann'));
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'garden' });
  t.false((await namesAt(await known.reads.end(), 'room')).includes('#garden'));
  t.true((await namesAt(end, 'room')).includes('#garden'));
});

test('time machine: a comparison has the differences from the cursor to the other moment', async (t) => {
  const known = await history(t, 8, 60);
  const end = known.events.length;
  const subject = (await sceneOf(known, request(end))).list.lines[0]?.subject;
  if (subject === undefined) throw new Error('there is no room');
  for (const [position, other] of [
    [Math.floor(end / 2), end],
    [end, Math.floor(end / 2)],
  ] as const) {
    const { comparison } = await sceneOf(known, request(position, { chosen: subject, other }));
    const [here, there] = [
      await showRoom(known.look, subject, await known.look.pointAt({ kind: 'position', position })),
      await showRoom(known.look, subject, await known.look.pointAt({ kind: 'position', position: other })),
    ];
    t.deepEqual(comparison?.shown, there);
    const members = (room: typeof here) => room.members.map(({ account }) => account);
    const changed = comparison?.differences.filter(({ fact }) => fact === 'members') ?? [];
    t.deepEqual(
      changed.map(({ from, to }) => from ?? to ?? '').toSorted(byText),
      [
        ...members(here).filter((one) => !members(there).includes(one)),
        ...members(there).filter((one) => !members(here).includes(one)),
      ].toSorted(byText),
    );
  }
});

test('time machine: the columns of a timeline have all events of its time, with their marks', async (t) => {
  const { events, reads } = await history(t, 9, 80);
  const [from, to] = [events[0]?.recordedAt ?? 0, events.at(-1)?.recordedAt ?? 0];
  const spans = [
    [from, to, 40],
    [from, to, 1],
    [from + (to - from) / 3, to - (to - from) / 3, 7],
    [from - 1_000, from - 10, 3],
    [to + 10, to + 1_000, 3],
  ] as const;
  for (const [start, end, columns] of spans) {
    let timeline: Timeline | null = null;
    for await (const one of reads.timeline({ from: start, to: end, columns, signal })) timeline = one;
    if (timeline === null) throw new Error('there is no timeline');
    const width = (end - start) / columns;
    const upTo = (time: number): number => events.filter(({ recordedAt }) => recordedAt <= time).length;
    const ends = Array.from({ length: columns }, (_, index) => upTo(start + width * (index + 1)));
    t.deepEqual(timeline.ends, ends);
    t.is(timeline.before, upTo(start - 1));
    const { before } = timeline;
    t.deepEqual(
      timeline.marks,
      ends.map((last, index) => {
        const types = events.slice(ends[index - 1] ?? before, last).map(({ type }) => type);
        return {
          hasAdminChange: types.some((type) => /^Admin(Promoted|Demoted|Succeeded)$/.test(type)),
          hasRemoval: types.some((type) => /^(Member(Removed|Banned)|AccountDisabled)$/.test(type)),
        };
      }),
    );
  }
});

const texts = (event: RecordedEvent): string =>
  [event.type, JSON.stringify(event.payload), JSON.stringify(event.personal)].join(' ').toLowerCase();

test('time machine: every jump finds the nearest event that matches, in both directions', async (t) => {
  const { events, reads, look } = await history(t, 10, 80);
  const renamed = events.find(({ type }) => type === 'UsernameChanged');
  const rooms = events.filter(({ type }) => type === 'RoomCreated');
  const room = subjectOfStream(rooms[0]?.stream ?? '');
  const person = subjectOfStream(renamed?.stream ?? '');
  const [formerly] = await look.names.ofStream(person.stream);
  const concerns = (event: RecordedEvent): boolean =>
    event.stream === person.stream || JSON.stringify([event.payload, event.metadata]).includes(person.id);
  const lobbies = new Set(
    rooms.filter(({ personal }) => personal?.['name'] === 'lobby').map(({ stream }) => stream),
  );
  const targets: readonly (readonly [Target, (event: RecordedEvent) => boolean])[] = [
    [
      { kind: 'types', types: ['TopicChanged', 'MemberBanned'] },
      ({ type }) => /^(Topic|MemberBanned)/.test(type),
    ],
    [{ kind: 'types', types: ['Nothing'] }, () => false],
    [{ kind: 'subject', subject: room }, ({ stream }) => stream === room.stream],
    [{ kind: 'subject', subject: person }, concerns],
    [{ kind: 'text', text: 'MEMBERjoined' }, (event) => texts(event).includes('memberjoined')],
    [{ kind: 'text', text: 'topic 1' }, (event) => texts(event).includes('topic 1')],
    [{ kind: 'text', text: `@${formerly?.name ?? ''}` }, concerns],
    [{ kind: 'text', text: '#lobby' }, ({ stream }) => lobbies.has(stream)],
    [{ kind: 'text', text: '" OR 1=1 --' }, () => false],
  ];
  for (const [target, isHit] of targets) {
    const hits = events.filter(isHit).map(({ position }) => position);
    for (let from = 0; from <= events.length; from += 3) {
      for (const direction of ['next', 'previous'] as const satisfies readonly Direction[]) {
        const found = await reads.seek({ from, direction, target, signal, onProgress: () => undefined });
        const expected =
          direction === 'next' ? hits.find((hit) => hit > from) : hits.findLast((hit) => hit < from);
        t.is(found, expected ?? null, `${direction} ${JSON.stringify(target)} from ${from}`);
      }
    }
  }
});
