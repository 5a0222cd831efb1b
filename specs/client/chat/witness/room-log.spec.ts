// `/log`: members see the moderation history of their room, and each event is proved or marked.
import test, { type ExecutionContext } from 'ava';
import type { Response } from '../../../../core/protocol/envelope.js';
import { type RoomLogAnswer, roomLogSchema } from '../../../../core/protocol/room-log.js';
import { inRoom } from '../support/lobby.js';
import { createWorld, type Terminal } from '../support/world.js';

async function scene(t: ExecutionContext) {
  const world = await createWorld(t);
  const [ann, ben, cat] = await inRoom(world, 'ann', 'ben', 'cat');
  if (ann === undefined || ben === undefined || cat === undefined) throw new Error('three members');
  await ann.chat.moderate({ operation: 'PROMOTE', username: 'ben' });
  await ann.chat.setTopic('tea');
  await ben.chat.open('#lobby');
  await ben.chat.moderate({ operation: 'REMOVE', username: 'cat', reason: 'be kind' });
  await ann.chat.leave('lobby');
  return { world, ann, ben, cat };
}

async function logOf({ chat }: Terminal, before: number | null = null) {
  const outcome = await chat.log('lobby', before);
  if (!outcome.isOk) throw new Error(outcome.message);
  return outcome;
}

test('room log: a member sees who decided what and why, each proved', async (t) => {
  const { ben } = await scene(t);
  const { message, data } = await logOf(ben);
  t.deepEqual(
    data.events.map(({ type, username, by, reason, topic }) => [type, username, by, topic ?? reason]),
    [
      ['RoomCreated', 'ann', 'ann', null],
      ['AdminPromoted', 'ben', 'ann', null],
      ['TopicChanged', 'ann', 'ann', 'tea'],
      ['MemberRemoved', 'cat', 'ben', 'be kind'],
    ],
  );
  t.true(data.events.every(({ isProved }) => isProved));
  t.is(data.before, null);
  t.regex(message, /^4 events of #lobby, proved/);
  t.deepEqual(ben.all('warning'), []);
});

test('room log: a later member sees the events, but not the texts of earlier ones other than the present topic', async (t) => {
  const { world, ben } = await scene(t);
  await ben.chat.setTopic('coffee');
  const dan = await world.terminal('dan');
  await dan.chat.join('lobby');
  const { data } = await logOf(dan);
  t.deepEqual(
    data.events.map(({ type, reason, topic, isTextHidden }) => [type, topic ?? reason, isTextHidden]),
    [
      ['RoomCreated', null, false],
      ['AdminPromoted', null, false],
      ['TopicChanged', null, true],
      ['MemberRemoved', null, true],
      ['TopicChanged', 'coffee', false],
    ],
  );
  t.true(data.events.every(({ isProved }) => isProved));
});

test('room log: given somebody who is no member, was removed, or a room that does not exist, then it is refused', async (t) => {
  const { world, cat, ben } = await scene(t);
  const dan = await world.terminal('dan');
  for (const one of [cat, dan]) t.like(await one.chat.log('lobby', null), { phrase: 'NOT_A_MEMBER' });
  t.like(await ben.chat.log('attic', null), { phrase: 'ROOM_NOT_FOUND' });
});

test('room log: given more events than a page has, then the pages together have all of them once', async (t) => {
  const { ben } = await scene(t);
  for (let count = 0; count < 60; count += 1) await ben.chat.setTopic(`topic ${count}`);
  const versions: number[] = [];
  let before: number | null = null;
  do {
    const { data, message } = await logOf(ben, before);
    versions.unshift(...data.events.map(({ version }) => version));
    if (data.before !== null) t.regex(message, new RegExp(` For earlier events: /log lobby ${data.before}$`));
    before = data.before;
  } while (before !== null);
  t.is(versions.length, 64);
  t.is(new Set(versions).size, 64);
  t.deepEqual(
    versions,
    versions.toSorted((one, other) => one - other),
  );
});

type Logged = RoomLogAnswer['events'][number];
const changed =
  (change: (one: Logged, all: readonly Logged[]) => Logged) =>
  (events: readonly Logged[]): readonly Logged[] =>
    events.map((one, index) => (index === 1 ? change(one, events) : one));

const lies: Readonly<Record<string, (events: readonly Logged[]) => readonly Logged[]>> = {
  'another reason': changed((one) => ({
    ...one,
    event: { ...one.event, personal: '{"topic":"lies"}' },
  })),
  'another actor': changed(({ event, ...rest }) => ({
    ...rest,
    event: { ...event, metadata: String(event['metadata']).replace('"account":"', '"account":"X') },
  })),
  'another time': changed((one) => ({ ...one, event: { ...one.event, recordedAt: 1 } })),
  'the place of another event': changed((one) => ({
    ...one,
    event: { ...one.event, position: Number(one.event['position']) - 1 },
  })),
  'another room': changed((one) => ({
    ...one,
    event: { ...one.event, stream: String(one.event['stream']).replace(/.$/, 'Z') },
  })),
  'a path of another event': changed((one, all) => ({ ...one, path: all[0]?.path ?? [] })),
  'another hash before it': changed((one) => ({ ...one, previous: 'f'.repeat(64) })),
  'a salt without its text': changed((one) => ({ ...one, event: { ...one.event, personal: null } })),
  'the same event twice': changed((_, all) => all[0] ?? _),
};

for (const [what, lie] of Object.entries(lies)) {
  test(`room log: given an event with ${what}, then it is not proved, and the terminal warns`, async (t) => {
    const { world, ben } = await scene(t);
    world.tracker.alters = (_, answer): Response => {
      const logged = roomLogSchema.safeParse(answer.data);
      return logged.success
        ? { ...answer, data: { ...logged.data, events: [...lie(logged.data.events)] } }
        : answer;
    };
    const { message, data } = await logOf(ben);
    t.deepEqual(
      data.events.map(({ isProved }) => isProved).filter((isProved) => !isProved),
      [false],
    );
    t.regex(message, /^1 of 4 events of #lobby are not proved/);
    await ben.hears('warning', { type: 'UnprovenHistory' });
  });
}

test('room log: given data that are no event, then the answer cannot be used', async (t) => {
  const { world, ben } = await scene(t);
  world.tracker.alters = (_, answer) => {
    const logged = roomLogSchema.safeParse(answer.data);
    if (!logged.success) return answer;
    const events = logged.data.events.map((one) => ({ ...one, event: { ...one.event, payload: '{' } }));
    return { ...answer, data: { ...logged.data, events } };
  };
  t.like(await ben.chat.log('lobby', null), { phrase: 'INTERNAL' });
});

test('room log: given an older tracker without checkpoints, then the terminal says that nothing can be proved', async (t) => {
  const world = await createWorld(t);
  world.tracker.alters = (title, answer) =>
    title === 'Sync' ? { ...answer, data: { ...Object(answer.data), checkpoint: undefined } } : answer;
  const [ann] = await inRoom(world, 'ann');
  t.like(await ann?.chat.log('lobby', null), { phrase: 'UNAVAILABLE' });
});
